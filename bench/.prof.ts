import { spawnSync } from 'node:child_process';
import pg from 'pg';
import { openPostgres } from '../src/data/postgres.ts';
import { importSales } from '../src/ingest/sales/import-sales.ts';

const server = process.env.SERVER ?? 'postgres://postgres@127.0.0.1:54999/postgres';
const name = `aisle_prof_${process.pid}`;
const psql = (url, c) => {
  const r = spawnSync('psql', ['-qX', '-v', 'ON_ERROR_STOP=1', url, '-c', c], { encoding: 'utf8' });
  if (r.status) throw new Error(r.stderr);
};
psql(server, `CREATE DATABASE ${name}`);
const url = new URL(server);
url.pathname = '/' + name;
const file = process.env.FILE ?? '/tmp/online-retail.csv';
try {
  const T = (fn) => {
    const b = performance.now();
    fn();
    return (performance.now() - b) / 1000;
  };
  const bare = [];
  for (let i = 0; i < 2; i++) {
    psql(
      url.href,
      `DROP TABLE IF EXISTS bare, typed; CREATE TABLE bare (a text,b text,c text,d text,e text,f text,g text,h text); CREATE TABLE typed (invoice text, code text, description text, quantity int, at timestamp, price numeric, customer text, country text)`,
    );
    bare.push([
      T(() => psql(url.href, `\\copy bare from '${file}' csv header`)),
      T(() => psql(url.href, `\\copy typed from '${file}' csv header`)),
    ]);
  }
  const database = await openPostgres({
    url: url.href,
    pool: { max: 2, idleTimeoutMs: 10000, acquireTimeoutMs: 10000, applicationName: 'p' },
    limits: { statementTimeoutMs: 10000, workMem: '16MB' },
  });
  const stats = new Map();
  const begun = performance.now();
  const cpu = process.cpuUsage();
  let end = 0;
  const busy = 0;
  const note = (k, t) => {
    const e = stats.get(k) ?? { n: 0, ms: 0 };
    e.n++;
    e.ms += t;
    stats.set(k, e);
  };
  const report = await database.asLoader(new AbortController().signal, async (session) => {
    const [{ pid }] = await session.query('select pg_backend_pid() pid');
    const wrapped = {
      async query(text, values) {
        const b = performance.now();
        try {
          return await session.query(text, values);
        } finally {
          note(text.replace(/\s+/g, ' ').slice(0, 70), performance.now() - b);
        }
      },
      async load(t, c, r) {
        const b = performance.now();
        try {
          return await session.load(t, c, r);
        } finally {
          note('LOAD ' + t, performance.now() - b);
        }
      },
    };
    const r = await importSales(
      wrapped,
      file,
      {
        profile: 'online-retail',
        rejectsFile: `/tmp/imp/${name}.rej`,
        ...(process.env.SEG ? { segmentLines: Number(process.env.SEG) } : {}),
      },
      () => {},
    );
    end = performance.now();
    const fs = await import('node:fs');
    const st = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
    console.log('backend cpu', Number(st[11]) / 100, Number(st[12]) / 100);
    return r;
  });
  const total = performance.now() - begun;
  const c = process.cpuUsage(cpu);
  await database.close();
  const rows = [...stats].filter(([, e]) => e.ms > 5).sort((a, b) => b[1].ms - a[1].ms);
  if (!process.env.QUIET)
    for (const [k, e] of rows) console.log(String(Math.round(e.ms)).padStart(6), String(e.n).padStart(3), k);
  console.log(
    'sum of statements',
    Math.round([...stats.values()].reduce((s, e) => s + e.ms, 0)),
    'commit+analyze',
    Math.round(begun + total - end),
  );
  const t0 = Math.min(...bare.map((b) => b[0])),
    t1 = Math.min(...bare.map((b) => b[1]));
  console.log(
    JSON.stringify({
      total: Math.round(total),
      bare,
      text: (total / 1000 / t0).toFixed(2),
      typed: (total / 1000 / t1).toFixed(2),
      nodeCpu: (c.user + c.system) / 1e6,
      rss: Math.round(process.resourceUsage().maxRSS / 1024),
      matches: report.matches,
      added: report.added,
      db: report.database.sum,
    }),
  );
} finally {
  psql(server, `DROP DATABASE ${name} WITH (FORCE)`);
  psql(server, `DROP ROLE IF EXISTS aisle_reader_${name}`);
}
