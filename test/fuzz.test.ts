/**
 * Closes: a fuzz target that no longer finds anything because it is broken. What it looks for is put in front of it, and
 * a short run of fixed length goes through all of it. The long run is `npm run fuzz`.
 */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { Campaign } from '../fuzz/campaign.ts';
import { distilled, readCorpus } from '../fuzz/corpus.ts';
import { Grammar } from '../fuzz/grammar.ts';
import { mutated, shrunk } from '../fuzz/mutate.ts';
import { Postgres } from '../fuzz/postgres.ts';
import { isAllowed } from '../fuzz/resolution.ts';
import { respaced, textOf, tokensOf } from '../fuzz/tokens.ts';
import { Random } from '../src/demo/random.ts';

let directory: string;
let postgres: Postgres;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'aisle-fuzz-'));
  await cp(join(inject('embeddedTemplate'), 'pg'), directory, { recursive: true });
  postgres = await Postgres.start(directory);
});

afterAll(async () => {
  await postgres.close();
  await rm(directory, { recursive: true, force: true });
});

async function forbiddenUses(sql: string): Promise<string[]> {
  return (await postgres.examine(sql)).uses.filter((use) => !isAllowed(use));
}

test.each([
  ['another table', 'SELECT 1 FROM secrets', ['relation retail.secrets']],
  ['a view', 'SELECT n FROM every_secret', ['relation retail.every_secret']],
  ['a table inside of a CTE', 'WITH x AS (SELECT 1 FROM x) SELECT 1 FROM x', ['relation retail.x']],
  ['the catalogue', 'SELECT 1 FROM pg_class', ['relation pg_catalog.pg_class']],
  ['a function', 'SELECT pg_backend_pid()', ['function pg_catalog.pg_backend_pid']],
  ['a function in column notation', `SELECT t.leak FROM unnest(ARRAY['a']) AS t`, ['function retail.leak']],
  ['an aggregate', 'SELECT leak_all(status) FROM orders', ['function retail.leak_all']],
  ['an operator', `SELECT 'a'::text ### 'b'::text`, ['operator retail.###', 'support retail.leak_join']],
  [
    'an operator of another schema',
    `SELECT 'a'::text OPERATOR(other.||) 'b'::text`,
    ['operator other.||', 'support retail.leak_join'],
  ],
  ['a type', `SELECT 'orders'::regclass`, ['type pg_catalog.regclass']],
  ['a domain', `SELECT 'a'::spy`, ['node COERCETODOMAIN', 'type retail.spy']],
  ['a session keyword', 'SELECT current_user', ['session keyword 10']],
  ['a system column', 'SELECT 1 FROM orders WHERE cmin IS NULL', ['system column -3', 'type pg_catalog.cid']],
  ['a row lock', 'SELECT 1 FROM orders FOR UPDATE', ['node ROWMARKCLAUSE', 'command :hasForUpdate true']],
])('PostgreSQL tells that a statement uses %s', async (_what, sql, uses) => {
  expect((await forbiddenUses(sql)).toSorted()).toEqual(uses.toSorted());
});

test('PostgreSQL tells that a statement uses nothing but what is allowed', async () => {
  expect(await postgres.examine('SELECT upper(status) FROM orders LIMIT 1')).toMatchObject({
    ended: 'ran',
    faults: [],
  });
  expect(await forbiddenUses('SELECT upper(status) FROM orders LIMIT 1')).toEqual([]);
});

test.each([
  ['a canary in rows', 'SELECT secret FROM secrets'],
  ['a canary in an error', 'SELECT secret::integer FROM secrets'],
])('a run shows %s', async (_what, sql) => {
  expect((await postgres.examine(sql)).faults).toEqual(['shows a canary']);
});

test.each([
  ['a sequence', `SELECT nextval('counter')`],
  ['a large object', 'SELECT lo_creat(1)'],
  ['a lock', 'SELECT pg_advisory_lock(7)'],
  ['a setting', `SELECT set_config('work_mem', '64kB', false)`],
])('a run that changes %s leaves traces, and the next one is not blamed', async (_what, sql) => {
  expect((await postgres.examine(sql)).faults).toEqual([expect.stringMatching(/^leaves traces: /)]);
  expect((await postgres.examine('SELECT 1')).faults).toEqual([]);
});

test('a query that does not end is stopped, and the next one is answered', async () => {
  const endless = 'SELECT count(*) FROM generate_series(1, 1e9) AS g';
  expect(await postgres.examine(endless, 500)).toMatchObject({
    ended: 'stopped',
  });
  expect(await postgres.examine('SELECT 1')).toMatchObject({ ended: 'ran', faults: [] });
});

test('a run of 300 statements finds nothing, and is the same each time', async () => {
  const [one, other] = [await run(), await run()];
  expect(one.findings).toEqual([]);
  expect(one.accepted).toBeGreaterThan(60);
  expect(one.ended.ran).toBeGreaterThan(45);
  const timeless = { slowestMs: 0, slowest: '' };
  expect({ ...other, ...timeless }).toEqual({ ...one, ...timeless });
});

async function run() {
  const campaign = await Campaign.create(20_261_121, postgres);
  for (const sql of readCorpus()) await campaign.execute(sql);
  while (campaign.report.executions < 300) await campaign.step();
  return campaign.report;
}

test('the corpus is small, and no statement of it is known twice', () => {
  const corpus = readCorpus();
  expect(new Set(corpus).size).toBe(corpus.length);
  expect(corpus.length).toBeLessThan(100);
  expect(corpus.join('\n').length).toBeLessThan(20_000);
});

test('tokens make up the statement, and other blanks leave them as they are', () => {
  const sql = `SELECT a.b::int, E'it\\'s (' || $q$ ' $q$, "x ""y", 1e9 -- end\nFROM t WHERE c<=>'[1]' AND d IS NULL`;
  const random = new Random(1, 'test');
  const plain = sql.replace(`E'it\\'s ('`, `'it''s ('`);
  expect(tokensOf(textOf(tokensOf(sql)))).toEqual(tokensOf(sql));
  expect(tokensOf(sql)).toContain(`E'it\\'s ('`);
  expect(respaced(sql, random)).toBeUndefined();
  const spaced = respaced(plain, random) ?? '';
  expect(spaced).not.toBe(plain);
  expect(tokensOf(spaced.replaceAll(/\/\* \/\* \*\/ \*\//g, ' '))).toEqual(tokensOf(plain));
});

test('a mutation changes a statement, the same seed in the same way', () => {
  const change = (seed: number) => {
    const random = new Random(seed, 'test');
    const grammar = new Grammar(random, postgres.names);
    return mutated('SELECT lower(status) FROM orders', 'SELECT 1', random, grammar);
  };
  expect(change(5)).toBe(change(5));
  expect(new Set([1, 2, 3, 4, 5, 6, 7, 8].map(change)).size).toBeGreaterThan(4);
});

test('a finding is shrunk to the tokens that matter', async () => {
  const isBad = async (sql: string) => /pg_sleep/.test(sql) && /FROM/.test(sql);
  expect(await shrunk('SELECT a, pg_sleep(1) FROM orders WHERE 1 = 1', isBad)).toBe('pg_sleep FROM');
  expect(await shrunk('SELECT 1', isBad)).toBe('SELECT 1');
});

test('distilling keeps one statement for every behaviour, the shorter one first', () => {
  const shown = new Map([
    ['SELECT 1, 2, 3', ['a', 'b']],
    ['SELECT 1', ['a', 'b']],
    ['SELECT 2', ['c']],
  ]);
  expect(distilled(shown, 1)).toEqual(['SELECT 1', 'SELECT 2']);
  expect(distilled(shown, 2)).toEqual(['SELECT 1']);
});
