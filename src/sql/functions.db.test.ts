import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { databases, type OpenedDatabase } from '../../test/harness/databases.ts';
import {
  ADDED_IN,
  CORE_FUNCTIONS,
  EXTENSION_FUNCTIONS,
  EXTENSIONS,
  ROW_FUNCTIONS,
  VOLATILE_FUNCTIONS,
  words,
} from './functions.ts';

/**
 * Closes: a name on the allow-list that does more than its place there says. What the list promises of each function is
 * asked of the database: it exists, it keeps nothing and changes nothing, it takes nothing that names the catalogue.
 */
interface Overload {
  readonly name: string;
  readonly volatility: 'i' | 's' | 'v';
  readonly parallel: 's' | 'r' | 'u';
  readonly definer: boolean;
  readonly language: string;
  readonly signature: string;
  /** Names of its argument types and its result's. */
  readonly types: readonly string[];
}

const OVERLOADS = `SELECT p.proname AS name, p.provolatile AS volatility, p.proparallel AS parallel,
    p.prosecdef AS definer, l.lanname AS language,
    p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')' AS signature,
    array(SELECT t.typname::text FROM pg_type t WHERE t.oid = p.prorettype OR t.oid = ANY (p.proargtypes)) AS types
  FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang JOIN pg_namespace n ON n.oid = p.pronamespace
  WHERE n.nspname = $1 AND p.proname = ANY ($2::text[])`;

const namesOf = (overloads: readonly Overload[]) => [...new Set(overloads.map(({ name }) => name))].sort();
const isCatalogueType = (type: string) =>
  /^(oid|reg\w+|x?id\d?|xid8?|cid|tid|internal|cstring|name|pg_\w+|xml|aclitem|refcursor|trigger)$/.test(
    type,
  );

describe.each(databases)('the allow-list of functions on $name', ({ open }) => {
  let opened: OpenedDatabase;
  let version: number;
  let core: readonly Overload[];
  const ask = <Row extends object>(text: string, values: readonly unknown[] = []) =>
    opened.database.asLoader(new AbortController().signal, (session) => session.query<Row>(text, values));

  beforeAll(async () => {
    opened = await open();
    const [row] = await ask<{ major: number }>(
      `SELECT current_setting('server_version_num')::int / 10000 AS major`,
    );
    version = row?.major ?? 0;
    core = await ask<Overload>(OVERLOADS, ['pg_catalog', [...CORE_FUNCTIONS]]);
  });
  afterAll(() => opened.close());

  it('names what PostgreSQL has, or says which version has it first', () => {
    const later = [...ADDED_IN].flatMap(([since, names]) => (since > version ? names : []));
    const missing = [...CORE_FUNCTIONS].filter((name) => !namesOf(core).includes(name));
    expect(missing.sort()).toEqual(later.sort());
  });

  it('has no volatile function but those it says so of', () => {
    const volatile = namesOf(core.filter(({ volatility }) => volatility === 'v'));
    expect(volatile).toEqual([...VOLATILE_FUNCTIONS].filter((name) => namesOf(core).includes(name)).sort());
  });

  it('has none that runs as its owner, or in a language that could read or send', () => {
    expect(core.filter(({ definer }) => definer)).toEqual([]);
    expect(new Set(core.map(({ language }) => language))).toEqual(new Set(['internal', 'sql']));
  });

  it('has none that keeps something in the session, but for the random numbers', () => {
    const bound = core.filter(({ parallel }) => parallel !== 's').map(({ signature }) => signature);
    // age(xid) needs a type that is no type to cast to.
    const random = ['random()', 'age(xid)', 'random_normal(mean double precision, stddev double precision)'];
    const ranges = ['integer', 'bigint', 'numeric'].map((type) => `random(min ${type}, max ${type})`);
    expect([...random, ...ranges]).toEqual(expect.arrayContaining(bound));
  });

  it('takes and returns no type of the catalogue, but for those that nothing here can make', () => {
    const catalogue = core
      .filter(({ types }) => types.some(isCatalogueType))
      .map(({ signature }) => signature);
    expect(catalogue.sort()).toEqual(
      [
        'age(xid)',
        'int8(oid)',
        'json_to_tsvector(regconfig, json, jsonb)',
        'jsonb_to_tsvector(regconfig, jsonb, jsonb)',
        'length(bytea, name)',
        ...['max', 'min'].flatMap((name) =>
          ['oid', 'pg_lsn', 'tid', 'xid8'].map((type) => `${name}(${type})`),
        ),
        ...['phraseto_tsquery(regconfig, text)', 'plainto_tsquery(regconfig, text)'],
        ...['text(name)', 'text(xml)', 'to_tsquery(regconfig, text)'],
        ...['json', 'jsonb', 'text'].map((type) => `to_tsvector(regconfig, ${type})`),
        ...['json', 'jsonb', 'text'].flatMap((type) => [
          `ts_headline(regconfig, ${type}, tsquery)`,
          `ts_headline(regconfig, ${type}, tsquery, text)`,
        ]),
        'websearch_to_tsquery(regconfig, text)',
      ].sort(),
    );
  });

  it('knows every function that any row could be given to in column notation', async () => {
    const takers = await ask<{ name: string }>(
      `SELECT DISTINCT p.proname AS name FROM pg_proc p JOIN pg_type t ON t.oid = p.proargtypes[0]
       WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.pronargs - p.pronargdefaults <= 1 AND p.proname NOT LIKE 'pg\\_%'
         AND t.typname IN ('record', 'any', 'anyelement', 'anynonarray', 'anycompatible', 'anycompatiblenonarray')`,
    );
    const open = takers.map(({ name }) => name).filter((name) => !CORE_FUNCTIONS.has(name));
    expect([...ROW_FUNCTIONS].sort()).toEqual(open.sort());
  });

  it('has of pgvector what is installed', async () => {
    const found = await ask<Overload>(OVERLOADS, ['extensions', words(EXTENSIONS.vector)]);
    expect(namesOf(found)).toEqual(words(EXTENSIONS.vector).sort());
    expect(found.filter(({ volatility, definer }) => volatility === 'v' || definer)).toEqual([]);
  });
});

/** Only a server has these; they are made in a transaction that is rolled back. */
const server = inject('postgresUrl');
describe.each(server === '' ? [] : [server])('the allow-list of functions and further extensions', (url) => {
  it.each(['pg_trgm', 'fuzzystrmatch', 'unaccent'] as const)('%s', async (extension) => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query(`BEGIN; CREATE SCHEMA scratch; CREATE EXTENSION ${extension} SCHEMA scratch`);
    const { rows } = await client.query<Overload>(OVERLOADS, ['scratch', [...EXTENSION_FUNCTIONS]]);
    await client.query('ROLLBACK');
    await client.end();
    expect(namesOf(rows)).toEqual(words(EXTENSIONS[extension]).sort());
    expect(rows.filter(({ volatility, definer }) => volatility === 'v' || definer)).toEqual([]);
  });
});
