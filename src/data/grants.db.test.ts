/** What the database grants is what the list says, nothing more and nothing less. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databasesAndManaged, type OpenedDatabase } from '../../test/harness/databases.ts';
import { type SuperuserSession, superuserDatabases } from '../../test/harness/superuser.ts';
import { GRANTED } from './granted.ts';
import { compareGrants, type GrantsContext } from './grants.ts';

type Ask = (text: string, values?: readonly unknown[]) => Promise<readonly object[]>;

async function compare(ask: Ask, kind: GrantsContext['kind'], bySuperuser: boolean) {
  const [here] = (await ask('SELECT current_database() AS name')) as { name: string }[];
  const database = here?.name ?? '';
  const logins = {
    aisle_reader: `aisle_reader_${database}`,
    aisle_auditor: `aisle_auditor_${database}`,
  };
  const login = kind === 'embedded' ? {} : { logins };
  const lines = (await ask(GRANTED, [Object.values(login.logins ?? {})])) as { line: string }[];
  const granted = lines.map(({ line }) => line);
  return compareGrants(granted, { database, kind, bySuperuser, ...login });
}

describe.each(databasesAndManaged)('grants on $name', ({ name, open }) => {
  let opened: OpenedDatabase;
  beforeAll(async () => {
    opened = await open();
  });
  afterAll(() => opened.close());

  it('are those that are listed', async () => {
    const found = await opened.database.asLoader(new AbortController().signal, (session) =>
      compare(session.query, name === 'embedded' ? name : 'postgres', name !== 'managed postgres'),
    );
    expect(found).toEqual({ missing: [], beyond: [] });
  });
});

describe.each(superuserDatabases)('a grant changed on $name', ({ name, connect }) => {
  let session: SuperuserSession;
  const tag = randomBytes(6).toString('hex');
  beforeAll(async () => {
    session = await connect();
  });
  afterAll(() => session.close());

  const changed = (...statements: readonly string[]) =>
    session.rolledBack(async () => {
      for (const statement of statements) await session.client.query(statement);
      return compare(
        async (text, values = []) => (await session.client.query<object>(text, [...values])).rows,
        name,
        true,
      );
    });

  it.each([
    [
      'a column',
      'GRANT UPDATE (status) ON retail.orders TO PUBLIC',
      'PUBLIC UPDATE column retail.orders.status',
    ],
    ['a schema', 'GRANT CREATE ON SCHEMA retail TO aisle_loader', 'aisle_loader CREATE,USAGE schema retail'],
    [
      'a table of somebody else',
      `CREATE SCHEMA s${tag}; CREATE TABLE s${tag}.t (a int); GRANT SELECT ON s${tag}.t TO aisle_reader`,
      `aisle_reader SELECT table s${tag}.t`,
    ],
    [
      'a sequence',
      'CREATE SEQUENCE retail.numbers; GRANT USAGE ON SEQUENCE retail.numbers TO aisle_writer',
      'aisle_writer USAGE sequence retail.numbers',
    ],
    [
      'a function that nobody restricted',
      `CREATE FUNCTION retail.f() RETURNS int LANGUAGE sql AS 'SELECT 1'`,
      'PUBLIC EXECUTE function retail.f()',
    ],
    [
      'a function of PostgreSQL',
      'GRANT EXECUTE ON FUNCTION pg_read_file(text) TO aisle_reader',
      'aisle_reader EXECUTE function pg_catalog.pg_read_file(text)',
    ],
    ['a language', 'GRANT USAGE ON LANGUAGE plpgsql TO PUBLIC', 'PUBLIC USAGE language plpgsql'],
    [
      'what the owner makes from here on',
      'ALTER DEFAULT PRIVILEGES FOR ROLE aisle_owner GRANT SELECT ON TABLES TO aisle_reader',
      'aisle_reader SELECT objects (r) made by aisle_owner in any schema',
    ],
    [
      'the functions that the owner makes from here on',
      'ALTER DEFAULT PRIVILEGES FOR ROLE aisle_owner GRANT EXECUTE ON FUNCTIONS TO PUBLIC',
      'PUBLIC EXECUTE functions made by aisle_owner in any schema',
    ],
    ['a role', 'GRANT pg_monitor TO aisle_reader', 'aisle_reader MEMBER role pg_monitor'],
    ['an attribute', 'ALTER ROLE aisle_writer CREATEDB', 'aisle_writer ATTRIBUTE CREATEDB'],
    [
      'a parameter',
      'GRANT SET ON PARAMETER log_statement TO aisle_writer',
      'aisle_writer SET parameter log_statement',
    ],
  ])('%s is seen', async (_what, statement, line) => {
    expect((await changed(statement)).beyond).toEqual([line]);
  });

  it('a large object is seen', async () => {
    const { beyond } = await changed(
      'SELECT lo_create(7241186)',
      'GRANT SELECT ON LARGE OBJECT 7241186 TO aisle_reader',
    );
    expect(beyond).toEqual(['aisle_reader SELECT large object 7241186']);
  });

  it('what was taken away is missed', async () => {
    expect((await changed('REVOKE SELECT ON retail.orders FROM aisle_reader')).missing).toEqual([
      'aisle_reader SELECT table retail.orders',
    ]);
  });
});
