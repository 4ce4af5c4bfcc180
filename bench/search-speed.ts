/**
 * How fast 100,000 products are searched, and how much of what is nearest the index finds: the statement of the tools, in the tenant's
 * walls. "server ms" is what EXPLAIN (ANALYZE, TIMING OFF) tells of planning and execution; "call ms" a whole call as the
 * tools make it, whose plan may be kept; CPU of the backend is of those calls.
 */
import { availableParallelism } from 'node:os';
import { Client } from 'pg';
import { z } from 'zod';
import type { Database, Rows, ScopedQuery } from '../src/data/database.ts';
import { openPostgres } from '../src/data/postgres.ts';
import { vectorText } from '../src/kernel/embedding.ts';
import type { RequestContext } from '../src/kernel/request-context.ts';
import { type Search, searchStatement } from '../src/modules/catalog/search/search-statement.ts';
import { silentLogger } from '../src/telemetry/logger.ts';
import { TEST_LIMITS } from '../test/harness/limits.ts';
import { TEST_SECRET_KEYS } from '../test/harness/secret-keys.ts';
import { NORTH } from '../test/harness/two-stores.ts';
import { cpuSeconds } from './cpu.ts';
import { backendMemoryMiB } from './memory.ts';
import type { Figures } from './report.ts';
import {
  DEPARTMENTS,
  departmentName,
  loadMadeUp,
  MADE_UP_MODEL,
  SET_ID,
  typeName,
} from './search/load-made-up.ts';
import { type MadeUp, MadeUpCatalogue, TYPES } from './search/made-up-catalogue.ts';

const PRODUCTS = Number(process.env.SEARCH_PRODUCTS ?? 100_000);
const QUERIES = Number(process.env.SEARCH_QUERIES ?? 100);
const WARM = 20;
const ROWS = 20;
/** Of the nearest, so many are looked for. */
const NEAREST = 10;

const context: RequestContext = {
  principal: NORTH.principal,
  requestId: 'bench',
  signal: new AbortController().signal,
};

/** A query's filters, and what they are in SQL on `p`, a row of retail.products. */
interface Filtered {
  readonly filters: (query: MadeUp, n: number) => Search['filters'];
  readonly sql: (query: MadeUp, n: number) => string;
}

const priceFrom = (n: number) => 1 + ((n * 37) % 900);
const otherType = ({ type }: MadeUp) => (type + TYPES / 2) % TYPES;
const prices = (width: number): Filtered => ({
  filters: (_, n) => ({ min_price: priceFrom(n), max_price: priceFrom(n) + width }),
  sql: (_, n) => `p.unit_price BETWEEN ${priceFrom(n)} AND ${priceFrom(n) + width}`,
});
const departments = (of: (query: MadeUp) => number): Filtered => ({
  filters: (query) => ({ category: departmentName(of(query)) }),
  sql: (query) =>
    `p.category_id = (SELECT category_id FROM retail.categories WHERE name = '${departmentName(of(query))}')`,
});
const types = (of: (query: MadeUp) => number): Filtered => ({
  filters: (query) => ({ type: typeName(of(query)) }),
  sql: (query) =>
    `p.type_id = (SELECT type_id FROM retail.product_types WHERE name = '${typeName(of(query))}')`,
});

const FILTERS: Readonly<Record<string, Filtered>> = {
  'no filter': { filters: () => ({}), sql: () => 'true' },
  '1 % by price': prices(10),
  'its own type, 1 to 5 %': types(({ type }) => type),
  'another type, 1 to 5 %': types(otherType),
  '10 % by price': prices(100),
  'its own department, about 10 %': departments(({ type }) => type),
  'another department, about 10 %': departments(({ type }) => type + DEPARTMENTS / 2),
  'in stock': {
    filters: () => ({ in_stock: true }),
    sql: () =>
      'EXISTS (SELECT FROM retail.inventory i WHERE i.product_id = p.product_id AND i.stock_level > 0)',
  },
};

const WAYS: Readonly<Record<string, (query: MadeUp) => Pick<Search, 'words' | 'meaning'>>> = {
  vector: (query) => ({ meaning: meaningOf(query) }),
  text: ({ words }) => ({ words: words.slice(0, 3).join(' ') }),
  hybrid: (query) => ({ words: query.words.slice(0, 3).join(' '), meaning: meaningOf(query) }),
};

const meaningOf = ({ vector }: MadeUp) => ({
  set: { slot: 0 as const, setId: SET_ID, model: MADE_UP_MODEL },
  vector: vectorText(vector),
  least: -1,
});

interface Measured {
  readonly database: Database;
  readonly admin: Client;
  readonly queries: readonly MadeUp[];
  /** Asked before those, to have what all read in memory. */
  readonly warm: readonly MadeUp[];
}

export async function searchSpeed(url: string): Promise<Readonly<Record<string, Record<string, Figures>>>> {
  const pool = {
    min: 1,
    max: 1,
    lifetimeSeconds: 36_000,
    idleTimeoutMs: 3_600_000,
    acquireTimeoutMs: 10_000,
  };
  const database = await openPostgres({
    url,
    pool: { ...pool, applicationName: 'aisle-bench' },
    limits: { ...TEST_LIMITS, statementTimeoutMs: 60_000, callerShare: 1 },
    secretKeys: TEST_SECRET_KEYS,
    logger: silentLogger,
  });
  const admin = new Client({ connectionString: url });
  await admin.connect();
  try {
    const catalogue = new MadeUpCatalogue();
    await loadMadeUp(database, admin, catalogue, PRODUCTS);
    const made = [...catalogue.queries(QUERIES + WARM)];
    const [queries, warm] = [made.slice(0, QUERIES), made.slice(QUERIES)];
    const index = await buildIndex(admin);
    const searches: Record<string, Figures> = {};
    for (const [name, filtered] of Object.entries(FILTERS)) {
      for (const [way, ask] of Object.entries(WAYS)) {
        const search = (query: MadeUp, n: number): Search => ({
          ...ask(query),
          filters: filtered.filters(query, n),
          maxRows: ROWS,
        });
        const exactSql = way === 'vector' ? filtered.sql : undefined;
        searches[`${way}, ${name}`] = await measured({ database, admin, queries, warm }, search, exactSql);
      }
    }
    return { 'search-speed, index': { [`HNSW of ${PRODUCTS} vectors`]: index }, 'search-speed': searches };
  } finally {
    await admin.end();
    await database.close();
  }
}

/** As migration 0019 defines it, with enough memory to hold the graph and with every core. */
async function buildIndex(admin: Client): Promise<Figures> {
  const { rows } = await admin.query<{ pid: number }>(
    `SELECT pg_backend_pid() AS pid, set_config('maintenance_work_mem', '2GB', false),
       set_config('max_parallel_maintenance_workers', $1, false)`,
    [String(availableParallelism() - 1)],
  );
  const pid = rows[0]?.pid ?? 0;
  let most = 0;
  const watch = setInterval(() => {
    most = Math.max(most, backendMemoryMiB(pid));
  }, 1000);
  const began = performance.now();
  try {
    await admin.query(`CREATE INDEX idx_embeddings_vector_0 ON retail.product_description_embeddings
      USING hnsw (description_embedding extensions.vector_cosine_ops) WITH (m = 16, ef_construction = 200) WHERE slot = 0`);
  } finally {
    clearInterval(watch);
  }
  const seconds = Math.round((performance.now() - began) / 1000);
  const size = await admin.query<{ index: number; buffers: number }>(
    `SELECT pg_relation_size('retail.idx_embeddings_vector_0') / 1048576.0 AS index,
       pg_size_bytes(current_setting('shared_buffers')) / 1048576.0 AS buffers`,
  );
  return {
    seconds,
    'index MiB': Math.round(size.rows[0]?.index ?? 0),
    'most memory MiB': Math.round(most),
    'shared_buffers MiB': Math.round(size.rows[0]?.buffers ?? 0),
  };
}

/** Each query is searched twice: explained, and as the tools do. */
async function measured(
  { database, admin, queries, warm }: Measured,
  search: (query: MadeUp, n: number) => Search,
  exactSql: ((query: MadeUp, n: number) => string) | undefined,
): Promise<Figures> {
  const calls = queries.map((query, n) => searchStatement(search(query, n)));
  const run = (call: ScopedQuery) => database.withTenant(context, (tenant) => tenant.query(call));
  for (const [n, query] of warm.entries()) await run(searchStatement(search(query, n)));
  const server: number[] = [];
  for (const call of calls) server.push(await explained(run, call));
  const cpuBefore = await readerCpuSeconds(admin);
  const whole: number[] = [];
  const found: (readonly string[])[] = [];
  for (const call of calls) {
    const began = performance.now();
    const rows = await run(call);
    whole.push(performance.now() - began);
    found.push(skusOf(rows));
  }
  const cpu = (await readerCpuSeconds(admin)) - cpuBefore;
  return {
    'server p50 ms': rounded(quantile(server, 0.5)),
    'server p95 ms': rounded(quantile(server, 0.95)),
    'call p50 ms': rounded(quantile(whole, 0.5)),
    'call p95 ms': rounded(quantile(whole, 0.95)),
    'PostgreSQL CPU ms': rounded((cpu * 1000) / calls.length),
    ...(exactSql && {
      [`recall@${NEAREST}`]: await recallOf(admin, found, queries, exactSql),
    }),
  };
}

const plan = z.array(z.object({ 'Execution Time': z.number(), 'Planning Time': z.number() }));

async function explained(
  run: (call: ScopedQuery) => Promise<Rows>,
  { text, values }: ScopedQuery,
): Promise<number> {
  const { rows } = await run({
    text: `EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) ${text}`,
    ...(values && { values }),
  });
  const told = rows[0]?.[0];
  const [times] = plan.parse(typeof told === 'string' ? JSON.parse(told) : told);
  return (times?.['Execution Time'] ?? 0) + (times?.['Planning Time'] ?? 0);
}

/** Of the products that are really nearest among those that pass, the share that was found among as many. */
async function recallOf(
  admin: Client,
  found: readonly (readonly string[])[],
  queries: readonly MadeUp[],
  passes: (query: MadeUp, n: number) => string,
): Promise<number> {
  // `+ 0`: what is sorted by an expression is looked for by no index.
  let right = 0;
  let all = 0;
  for (const [n, query] of queries.entries()) {
    const { rows } = await admin.query<{ sku: string }>(
      `SELECT p.sku FROM retail.products p JOIN retail.product_description_embeddings e ON e.slot = 0 AND e.product_id = p.product_id
       WHERE NOT p.discontinued AND ${passes(query, n)}
       ORDER BY (e.description_embedding OPERATOR(extensions.<=>) $1::extensions.vector) + 0 LIMIT ${NEAREST}`,
      [vectorText(query.vector)],
    );
    const nearest = new Set(found[n]?.slice(0, NEAREST));
    right += rows.filter(({ sku }) => nearest.has(sku)).length;
    all += rows.length;
  }
  return Math.round((right / all) * 1e4) / 1e4;
}

function skusOf({ columns, rows }: Rows): readonly string[] {
  const place = columns.findIndex(({ name }) => name === 'sku');
  return rows.flatMap((row) => (row[place] === null ? [] : [String(row[place])]));
}

async function readerCpuSeconds(admin: Client): Promise<number> {
  const { rows } = await admin.query<{ pid: number }>(
    'SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND usename LIKE $1',
    ['aisle_reader%'],
  );
  return rows.reduce((sum, { pid }) => sum + cpuSeconds(pid), 0);
}

function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.ceil(share * values.length) - 1] ?? 0;
}

const rounded = (value: number): number => Math.round(value * 10) / 10;
