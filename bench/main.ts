/**
 * `npm run bench [-- name …]`: guard, governed-query, row-security, overrun, soak, import, online-retail; all of them without a name.
 * Those that need PostgreSQL run when TEST_DATABASE_URL names a server (`eval "$(scripts/services start)"`); `import`
 * and `online-retail` also need ONLINE_RETAIL_CSV, the unpacked data set, and `import` needs psql. Each prints a table
 * and writes bench/results/<name>.json.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPostgresDatabase } from '../test/harness/postgres-database.ts';
import { embeddedOverrun } from './embedded-overrun.ts';
import { governedQuery } from './governed-query.ts';
import { guardCost } from './guard.ts';
import { importAgainstCopy } from './import.ts';
import { onlineRetail } from './online-retail.ts';
import { report } from './report.ts';
import { rowSecurity } from './row-security.ts';
import { soak } from './soak.ts';

const serverUrl = process.env.TEST_DATABASE_URL;
const salesCsv = process.env.ONLINE_RETAIL_CSV;

async function inFolder<Result>(work: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'aisle-bench-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function soakPostgres(url: string) {
  const database = await createPostgresDatabase(url);
  const figures = await soak(database.url, '');
  await database.drop();
  return figures;
}

const benches: Readonly<Record<string, () => Promise<void>>> = {
  guard: async () => report('guard', await guardCost()),
  'governed-query': async () => {
    if (serverUrl !== undefined) report('governed-query', await governedQuery(serverUrl));
  },
  'row-security': async () => {
    if (serverUrl !== undefined) report('row-security', await rowSecurity(serverUrl));
  },
  overrun: async () => report('overrun', { embedded: await inFolder(embeddedOverrun) }),
  soak: async () =>
    report('soak', {
      embedded: await inFolder((folder) => soak(undefined, folder)),
      ...(serverUrl === undefined ? {} : { postgres: await soakPostgres(serverUrl) }),
    }),
  import: async () => {
    if (serverUrl !== undefined && salesCsv !== undefined)
      report('import', await importAgainstCopy(serverUrl, salesCsv));
  },
  'online-retail': async () => {
    if (salesCsv === undefined) return;
    const embedded = await inFolder((folder) => onlineRetail(salesCsv, ['--data-dir', folder]));
    report('online-retail, embedded', embedded);
    if (serverUrl === undefined) return;
    const database = await createPostgresDatabase(serverUrl);
    report('online-retail, PostgreSQL', await onlineRetail(salesCsv, ['--database-url', database.url]));
    await database.drop();
  },
};

const wanted = process.argv.slice(2);
for (const [name, run] of Object.entries(benches)) {
  if (wanted.length === 0 || wanted.includes(name)) await run();
}
