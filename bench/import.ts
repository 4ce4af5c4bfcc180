/**
 * Import against bare \copy of the same file, in turns and in the same run.
 *   TEST_DATABASE_URL=postgres://… node bench/import.ts [FILE.csv] [runs]
 */
import { spawnSync } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { openPostgres } from '../src/data/postgres.ts';
import { type ImportReport, importSales } from '../src/ingest/sales/import-sales.ts';
import { silentLogger } from '../src/telemetry/logger.ts';

const [file = process.env.ONLINE_RETAIL_CSV ?? '/tmp/online-retail.csv', times = '3'] = process.argv.slice(2);
const server = process.env.TEST_DATABASE_URL;
const BARE = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((name) => `${name} text`).join(', ');

interface Run {
  readonly copySeconds: number;
  readonly importSeconds: number;
  readonly ratio: number;
  /** Of this process, which reads the file; PostgreSQL's own is not in it. */
  readonly nodeCpuSeconds: number;
  readonly peakMemoryMiB: number;
  readonly phases: Readonly<Record<string, number>>;
  readonly report: ImportReport;
}

function psql(url: string, command: string): void {
  const { status, stderr } = spawnSync('psql', ['-qX', '-v', 'ON_ERROR_STOP=1', url, '-c', command], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
}

async function run(serverUrl: string): Promise<Run> {
  const name = `aisle_bench_${process.pid}`;
  psql(serverUrl, `CREATE DATABASE ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  try {
    psql(url.href, `CREATE TABLE bare (${BARE})`);
    let begun = performance.now();
    psql(url.href, `\\copy bare from '${file}' csv header`);
    const copySeconds = (performance.now() - begun) / 1000;

    const database = await openPostgres({
      url: url.href,
      pool: {
        min: 0,
        lifetimeSeconds: 3600,
        max: 2,
        idleTimeoutMs: 10_000,
        acquireTimeoutMs: 10_000,
        applicationName: 'aisle-bench',
      },
      limits: { statementTimeoutMs: 10_000, workMem: '16MB' },
      logger: silentLogger,
    });
    const rejectsFile = join(tmpdir(), `${name}.rejects.csv`);
    const phases: Record<string, number> = {};
    const cpu = process.cpuUsage();
    begun = performance.now();
    const report = await database.asLoader(new AbortController().signal, (session) =>
      importSales(session, file, { profile: 'online-retail', rejectsFile }, ({ phase }) => {
        phases[phase] ??= (performance.now() - begun) / 1000;
      }),
    );
    const importSeconds = (performance.now() - begun) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    await database.close();
    await rm(rejectsFile, { force: true });
    return {
      copySeconds,
      importSeconds,
      ratio: importSeconds / copySeconds,
      nodeCpuSeconds: (user + system) / 1e6,
      peakMemoryMiB: process.resourceUsage().maxRSS / 1024,
      phases,
      report,
    };
  } finally {
    const client = new pg.Client({ connectionString: serverUrl });
    await client.connect();
    await client.query(`DROP DATABASE ${name} WITH (FORCE)`);
    await client.query(`DROP ROLE IF EXISTS aisle_reader_${name}`);
    await client.end();
  }
}

if (server === undefined) throw new Error('Set TEST_DATABASE_URL to a server where databases may be made.');
const runs: Run[] = [];
for (let index = 0; index < Number(times); index += 1) runs.push(await run(server));

const round = (seconds: number) => Math.round(seconds * 1000) / 1000;
const rows = runs.map((one) => ({
  'copy s': round(one.copySeconds),
  'import s': round(one.importSeconds),
  ratio: round(one.ratio),
  'node cpu s': round(one.nodeCpuSeconds),
  'peak MiB': Math.round(one.peakMemoryMiB),
  'checking from s': round(one.phases.checking ?? 0),
  matches: one.report.matches,
}));
process.stdout.write(`${rows.map((row) => JSON.stringify(row)).join('\n')}\n`);
const report = runs.at(-1)?.report;
process.stdout.write(
  `${JSON.stringify({ added: report?.added, file: report?.file, database: report?.database })}\n`,
);
await mkdir(new URL('results/', import.meta.url), { recursive: true });
await writeFile(
  new URL('results/import.json', import.meta.url),
  `${JSON.stringify({ file, cpus: cpus().length, node: process.version, runs: rows, report }, undefined, 2)}\n`,
);
