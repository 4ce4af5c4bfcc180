/** A PostgreSQL of its own that says what a statement means to it, and what happens when it runs. Started by postgres.ts. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { citext } from '@electric-sql/pglite/contrib/citext';
import { fuzzystrmatch } from '@electric-sql/pglite/contrib/fuzzystrmatch';
import { hstore } from '@electric-sql/pglite/contrib/hstore';
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm';
import { tablefunc } from '@electric-sql/pglite/contrib/tablefunc';
import { unaccent } from '@electric-sql/pglite/contrib/unaccent';
import { vector } from '@electric-sql/pglite-pgvector';
import type { Examination, Names } from './postgres.ts';
import { type Catalogue, usesOf } from './resolution.ts';

const root = join(import.meta.dirname, '..');
const extensions = { citext, fuzzystrmatch, hstore, pg_trgm, tablefunc, unaccent, vector };
const db = await PGlite.create({ dataDir: String(workerData), extensions });

async function column(sql: string): Promise<string[]> {
  return (
    await db.query<{ value: string }>(`SELECT DISTINCT value FROM (${sql}) AS t(value) ORDER BY value`)
  ).rows.map((row) => row.value);
}

async function byOid(table: string, schema: string, name: string): Promise<Map<number, string>> {
  const { rows } = await db.query<{ oid: number; name: string }>(
    `SELECT t.oid, nspname || '.' || ${name} AS name FROM ${table} t JOIN pg_namespace n ON n.oid = t.${schema}`,
  );
  return new Map(rows.map((row) => [row.oid, row.name]));
}

async function makeWorld(): Promise<void> {
  const schemas = await column('SELECT nspname FROM pg_namespace');
  const migrations = globSync('migrations/0*.sql', { cwd: root }).sort();
  const missing = [
    ...(schemas.includes('retail') ? [] : ['migrations/roles.sql', ...migrations]),
    ...(schemas.includes('other') ? [] : ['fuzz/world.sql']),
  ];
  for (const file of missing) await db.exec(`BEGIN; ${readFileSync(join(root, file), 'utf8')}; COMMIT`);
  await db.exec(`SET search_path = retail, extensions; SET fuzz.canary = 'CANARY'; LOAD 'vector'`);
}

/** Whatever a statement could leave behind, asked in its own transaction. */
const TRACES = `SELECT concat_ws(' ',
  'wrote:', pg_current_xact_id_if_assigned() IS NOT NULL, 'counter:', (SELECT last_value FROM retail.counter),
  'settings:', current_setting('fuzz.canary', true), current_setting('aisle.context', true), current_setting('search_path'),
  current_setting('transaction_read_only'), current_setting('statement_timeout'), current_setting('work_mem'),
  'advisory locks:', (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'),
  'large objects:', (SELECT count(*) FROM pg_largeobject_metadata), 'relations:', (SELECT count(*) FROM pg_class),
  'prepared:', (SELECT count(*) FROM pg_prepared_statements), 'channels:', (SELECT count(*) FROM pg_listening_channels()),
  'role:', current_user, session_user) AS traces`;

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** The statement's node tree: the body of a function is stored analysed, and its columns need no names of their own. */
async function analyse(sql: string): Promise<string> {
  await db.exec('BEGIN');
  try {
    await db.exec(
      `CREATE FUNCTION pg_temp.analysed() RETURNS SETOF record LANGUAGE sql BEGIN ATOMIC ${sql}\n; END`,
    );
    const found = await db.query<{ tree: string }>(
      `SELECT prosqlbody::text AS tree FROM pg_proc WHERE proname = 'analysed'`,
    );
    return found.rows[0]?.tree ?? '';
  } finally {
    await db.exec('ROLLBACK');
  }
}

interface Run {
  readonly said: string;
  readonly traces: string;
  readonly ended: 'ran' | 'failed';
}

async function run(sql: string): Promise<Run> {
  let said: string;
  let ended: Run['ended'] = 'ran';
  await db.exec('BEGIN');
  try {
    await db.exec(`DECLARE answer NO SCROLL CURSOR FOR ${sql}`);
    const { rows } = await db.query('FETCH 50 FROM answer', [], { rowMode: 'array' });
    said = JSON.stringify(rows, (_key, value) => (typeof value === 'bigint' ? String(value) : value));
  } catch (error) {
    [said, ended] = [messageOf(error), 'failed'];
    await db.exec('ROLLBACK');
  }
  const { rows } = await db.query<{ traces: string }>(TRACES);
  await db.exec('ROLLBACK');
  return { said, ended, traces: rows[0]?.traces ?? '' };
}

await makeWorld();
const relations = await byOid('pg_class', 'relnamespace', 'relname');
const functions = await byOid('pg_proc', 'pronamespace', 'proname');
const operators = await byOid('pg_operator', 'oprnamespace', 'oprname');
const types = await byOid('pg_type', 'typnamespace', 'typname');
const cast = await db.query<{ castfunc: number }>('SELECT castfunc FROM pg_cast');
const catalogue: Catalogue = {
  relations,
  functions,
  operators,
  types,
  casts: new Set(cast.rows.map((row) => row.castfunc)),
};
let quiet = (await run('SELECT 1')).traces;

async function examine(sql: string): Promise<Examination> {
  let uses: readonly string[];
  try {
    uses = usesOf(await analyse(sql), catalogue);
  } catch (error) {
    return { ended: 'not understood', uses: [], faults: [], error: messageOf(error) };
  }
  const { said, ended, traces } = await run(sql);
  const faults = [
    ...(said.includes('CANARY') ? ['shows a canary'] : []),
    ...(traces === quiet ? [] : [`leaves traces: ${traces}`]),
  ];
  // What a statement has left must not be blamed on the next one.
  if (traces !== quiet) quiet = (await run('SELECT 1')).traces;
  return { ended, uses, faults, ...(ended === 'failed' && { error: said }) };
}

const names: Names = {
  functions: await column('SELECT proname FROM pg_proc'),
  signatures: await column(`SELECT concat_ws(' ', proname, (SELECT string_agg(typname, ' ' ORDER BY place)
    FROM unnest(proargtypes) WITH ORDINALITY AS a(type, place) JOIN pg_type t ON t.oid = type)) FROM pg_proc`),
  types: await column("SELECT typname FROM pg_type WHERE typname NOT LIKE '\\_%'"),
  operators: await column('SELECT oprname FROM pg_operator'),
  relations: await column("SELECT relname FROM pg_class WHERE relkind IN ('r', 'v', 'm', 'S')"),
  columns: await column(
    "SELECT attname FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid WHERE c.relnamespace = 'retail'::regnamespace",
  ),
};
parentPort?.on('message', async (sql: string) => parentPort?.postMessage(await examine(sql)));
parentPort?.postMessage(names);
