/**
 * `npm run bench [-- name …]`: those named, of the list below; all of them without a name, but for `soak-http`, which takes half
 * an hour. bench/README.md tells what each measures.
 * Those that need PostgreSQL run when TEST_DATABASE_URL names a server (`eval "$(scripts/services start)"`), and `limits`
 * with Redis when TEST_REDIS_URL does; `import`
 * and `online-retail` also need ONLINE_RETAIL_CSV, the unpacked data set, and `import` needs psql; `peers` and
 * `scale` need wrk and taskset. Each prints a table
 * and writes bench/results/<name>.json.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPostgresDatabase } from '../test/harness/postgres-database.ts';
import { auditCost } from './audit.ts';
import { auditCrash } from './audit-crash.ts';
import { cacheCost } from './cache.ts';
import { cancelling } from './cancel.ts';
import { embeddedOverrun } from './embedded-overrun.ts';
import { governedQuery } from './governed-query.ts';
import { guardCost } from './guard.ts';
import { guardWorst } from './guard-worst.ts';
import { importAgainstCopy } from './import.ts';
import { limitsCost } from './limits.ts';
import { masking } from './masking.ts';
import { noisyNeighbour } from './noisy-neighbour.ts';
import { onlineRetail } from './online-retail.ts';
import { peers } from './peers.ts';
import { report } from './report.ts';
import { rowSecurity } from './row-security.ts';
import { scale } from './scale.ts';
import { searchSpeed } from './search-speed.ts';
import { soak } from './soak.ts';
import { soakHttp } from './soak-http.ts';
import { startUp } from './start-up.ts';

const wanted = process.argv.slice(2);
const serverUrl = process.env.TEST_DATABASE_URL;
const salesCsv = process.env.ONLINE_RETAIL_CSV;
// The servers that are measured get it: a bench asks more of them than any caller may.
process.env.RATE_LIMIT_ENABLED = 'false';

async function inFolder<Result>(work: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'aisle-bench-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function onPostgres<Result>(url: string, work: (url: string) => Promise<Result>): Promise<Result> {
  const database = await createPostgresDatabase(url);
  try {
    return await work(database.url);
  } finally {
    await database.drop();
  }
}

const benches: Readonly<Record<string, () => Promise<void>>> = {
  guard: async () => report('guard', await guardCost()),
  'guard-worst': async () => {
    for (const [name, rows] of Object.entries(await guardWorst())) report(name, rows);
  },
  'governed-query': async () => {
    if (serverUrl !== undefined) report('governed-query', await governedQuery(serverUrl));
  },
  'row-security': async () => {
    if (serverUrl !== undefined) report('row-security', await rowSecurity(serverUrl));
  },
  limits: async () => report('limits', await limitsCost(process.env.TEST_REDIS_URL)),
  audit: async () => {
    if (serverUrl !== undefined) report('audit', await onPostgres(serverUrl, auditCost));
  },
  cache: async () => {
    if (serverUrl !== undefined)
      report('cache', await onPostgres(serverUrl, (url) => cacheCost(url, process.env.TEST_REDIS_URL)));
  },
  'audit-crash': async () => {
    if (serverUrl !== undefined) report('audit-crash', await onPostgres(serverUrl, auditCrash));
  },
  masking: async () => {
    if (serverUrl !== undefined) report('masking', await masking(serverUrl));
  },
  'start-up': async () => {
    if (serverUrl !== undefined) report('start-up', await onPostgres(serverUrl, startUp));
  },
  peers: async () => {
    if (serverUrl !== undefined) report('peers', await onPostgres(serverUrl, peers));
  },
  scale: async () => {
    if (serverUrl !== undefined) report('scale', await onPostgres(serverUrl, scale));
  },
  'search-speed': async () => {
    if (serverUrl === undefined) return;
    for (const [name, rows] of Object.entries(await onPostgres(serverUrl, searchSpeed))) report(name, rows);
  },
  overrun: async () => report('overrun', { embedded: await inFolder(embeddedOverrun) }),
  cancel: async () => {
    if (serverUrl !== undefined) report('cancel', await onPostgres(serverUrl, cancelling));
  },
  soak: async () =>
    report('soak', {
      embedded: await inFolder((folder) => soak(undefined, folder)),
      ...(serverUrl === undefined ? {} : { postgres: await onPostgres(serverUrl, (url) => soak(url, '')) }),
    }),
  'soak-http': async () => {
    if (serverUrl !== undefined && wanted.includes('soak-http'))
      report('soak-http', await onPostgres(serverUrl, soakHttp));
  },
  'noisy-neighbour': async () => {
    if (serverUrl !== undefined)
      report('noisy-neighbour', {
        postgres: await onPostgres(serverUrl, (url) => noisyNeighbour(url, '')),
      });
    report('noisy-neighbour, embedded', {
      embedded: await inFolder((folder) => noisyNeighbour(undefined, folder)),
    });
  },
  import: async () => {
    if (serverUrl !== undefined && salesCsv !== undefined)
      report('import', await importAgainstCopy(serverUrl, salesCsv));
  },
  'online-retail': async () => {
    if (salesCsv === undefined) return;
    const embedded = await inFolder((folder) => onlineRetail(salesCsv, ['--data-dir', folder]));
    report('online-retail, embedded', embedded);
    if (serverUrl === undefined) return;
    report(
      'online-retail, PostgreSQL',
      await onPostgres(serverUrl, (url) => onlineRetail(salesCsv, ['--database-url', url])),
    );
  },
};

for (const [name, run] of Object.entries(benches)) {
  if (wanted.length === 0 || wanted.includes(name)) await run();
}
