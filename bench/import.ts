/** Import of a sales file against bare `\copy` of the same file into one table without indexes, in turns. Needs psql. */
import { spawnSync } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPostgres } from '../src/data/postgres.ts';
import { importSales } from '../src/ingest/sales/import-sales.ts';
import { silentLogger } from '../src/telemetry/logger.ts';
import { TEST_LIMITS } from '../test/harness/limits.ts';
import { createPostgresDatabase } from '../test/harness/postgres-database.ts';
import { TEST_SECRET_KEYS } from '../test/harness/secret-keys.ts';
import type { Figures } from './report.ts';

const RUNS = 3;
const COLUMNS = ['invoice', 'code', 'description', 'quantity', 'at', 'price', 'customer', 'country'];
/** What the file's columns are; the others are text. */
const TYPES: Readonly<Record<string, string>> = { quantity: 'integer', at: 'timestamp', price: 'numeric' };

function psql(url: string, command: string): void {
  const { error, status, stderr } = spawnSync('psql', ['-qX', '-v', 'ON_ERROR_STOP=1', url, '-c', command], {
    encoding: 'utf8',
  });
  if (error !== undefined || status !== 0) throw new RangeError(`psql: ${error?.message ?? stderr}`);
}

/** Seconds that `\copy` takes into a table of these types. */
function copySeconds(url: string, file: string, types: Readonly<Record<string, string>>): number {
  psql(url, `CREATE TABLE bare (${COLUMNS.map((name) => `${name} ${types[name] ?? 'text'}`).join(', ')})`);
  const begun = performance.now();
  psql(url, `\\copy bare from '${file}' csv header`);
  const seconds = (performance.now() - begun) / 1000;
  psql(url, 'DROP TABLE bare');
  return seconds;
}

async function run(serverUrl: string, file: string): Promise<Figures> {
  const { url, drop } = await createPostgresDatabase(serverUrl);
  const rejectsFile = join(tmpdir(), `aisle-bench-${process.pid}.rejects.csv`);
  try {
    const text = copySeconds(url, file, {});
    const typed = copySeconds(url, file, TYPES);
    const database = await openPostgres({
      url,
      pool: {
        min: 0,
        max: 2,
        idleTimeoutMs: 10_000,
        lifetimeSeconds: 600,
        acquireTimeoutMs: 10_000,
        applicationName: 'aisle-bench',
      },
      limits: { ...TEST_LIMITS, statementTimeoutMs: 10_000, workMem: '16MB' },
      secretKeys: TEST_SECRET_KEYS,
      logger: silentLogger,
    });
    const cpu = process.cpuUsage();
    const begun = performance.now();
    const { added, matches } = await database.asLoader(new AbortController().signal, (session) =>
      importSales(session, file, { profile: 'online-retail', rejectsFile }),
    );
    const seconds = (performance.now() - begun) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    await database.close();
    return {
      'copy as text s': round(text),
      'copy with types s': round(typed),
      'import s': round(seconds),
      'to text': round(seconds / text),
      'to types': round(seconds / typed),
      'Node CPU s': round((user + system) / 1e6),
      'peak MiB': Math.round(process.resourceUsage().maxRSS / 1024),
      lines: added,
      'matches the file': String(matches),
    };
  } finally {
    await rm(rejectsFile, { force: true });
    await drop();
  }
}

export async function importAgainstCopy(
  serverUrl: string,
  file: string,
): Promise<Readonly<Record<string, Figures>>> {
  const runs: Record<string, Figures> = {};
  for (let turn = 1; turn <= RUNS; turn += 1) runs[`run ${turn}`] = await run(serverUrl, file);
  return runs;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
