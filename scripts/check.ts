/** `npm run check`: everything that can be judged without running the tests. Runs all of it, then names what failed. */
import { spawnSync } from 'node:child_process';

// npm run puts node_modules/.bin, with the pinned Node, on the PATH.
const checks: Readonly<Record<string, string>> = {
  types: 'tsc',
  'lint and format': 'biome check --error-on-warnings',
  layers: 'node scripts/check-layers.ts',
  'dead code': 'knip',
  docs: 'node scripts/check-docs.ts',
  licences: 'node scripts/check-licences.ts',
  'known holes': 'node scripts/check-audit.ts',
  'settings table': 'node scripts/settings-table.ts --check',
  'page of roles': 'node scripts/roles-page.ts --check',
};

const failed: string[] = [];
for (const [name, command] of Object.entries(checks)) {
  process.stdout.write(`\n== ${name}: ${command}\n`);
  if (spawnSync(command, { shell: true, stdio: 'inherit' }).status !== 0) failed.push(name);
}
process.stdout.write(failed.length > 0 ? `\ncheck FAILED: ${failed.join(', ')}\n` : '\ncheck passed\n');
process.exitCode = failed.length > 0 ? 1 : 0;
