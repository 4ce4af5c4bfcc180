/**
 * `npm run test:conformance`: the protocol's own conformance suite against `aisle serve --conformance`, with all that each
 * revision requires. The last line reads "N passed, N failed", scenarios of all revisions together.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { withAccess } from '../src/app/access.ts';
import { migrateDatabase } from '../src/app/upkeep.ts';
import { loadConfig } from '../src/config.ts';
import { startServer } from '../test/harness/server-process.ts';

/** How many scenarios each revision requires: fewer that ran are a failure too. */
const REQUIRED = { '2026-07-28': 37, '2025-11-25': 30 } as const;
const CALLER = 'conformance';
const SUITE = fileURLToPath(import.meta.resolve('@modelcontextprotocol/conformance/dist/index.js'));
const OUTCOME = /^(?<mark>[✓✗]) (?<name>\S+): (?<passed>\d+) passed, (?<failed>\d+) failed$/gmu;
const NOT_SCORED = /^ {2}[✓✗] (?<name>\S+) \((?:extension|pending|added-after-release)\)$/gmu;

/** Runs what one revision requires, and returns the names of the scenarios by whether they passed. */
async function runSuite(url: string, revision: keyof typeof REQUIRED) {
  const child = spawn(process.execPath, [SUITE, 'server', '--url', url, '--requirements', revision], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [output] = await Promise.all([text(child.stdout), once(child, 'close')]);
  const optional = new Set([...output.matchAll(NOT_SCORED)].map(({ groups }) => groups?.name));
  const required = [...output.matchAll(OUTCOME)].filter(({ groups }) => !optional.has(groups?.name));
  const failed = required.filter(
    ({ groups }) => groups?.mark !== '✓' || groups.failed !== '0' || groups.passed === '0',
  );
  process.stdout.write(`\n=== ${revision}\n${required.map(([line]) => line).join('\n')}\n`);
  if (failed.length > 0) process.stdout.write(`\n${output}\n`);
  return { ran: required.length, failed: failed.length };
}

const directory = await mkdtemp(join(tmpdir(), 'aisle-conformance-'));
let passed = 0;
let failed = 0;
try {
  const config = await loadConfig({ DATA_DIR: directory, DATABASE_URL: '', ENVIRONMENT: 'development' });
  await migrateDatabase(config);
  await withAccess(config, async (access) => {
    await access.add(CALLER, 'Conformance suite');
    await access.grant(CALLER, [{ kind: 'role', role: 'store_manager' }]);
  });
  const server = await startServer(['--conformance', '--as', CALLER, '--data-dir', directory]);
  try {
    for (const revision of ['2026-07-28', '2025-11-25'] as const) {
      const outcome = await runSuite(server.url, revision);
      const missing = Math.max(0, REQUIRED[revision] - outcome.ran);
      const succeeded = outcome.ran - outcome.failed;
      process.stdout.write(`${revision}: ${succeeded} of ${REQUIRED[revision]} required scenarios passed\n`);
      passed += succeeded;
      failed += outcome.failed + missing;
    }
  } finally {
    await server.stop();
  }
} finally {
  await rm(directory, { recursive: true, force: true });
}
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
