/** One thing broken at a time, in a transaction that is rolled back: that finding changes, and no other. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SuperuserSession, superuserDatabases } from '../../test/harness/superuser.ts';
import { inspectionOf } from '../data/inspection.ts';
import type { Settings } from './check.ts';
import { examine } from './examine.ts';
import type { Finding } from './finding.ts';
import { settingsWith } from './testing/patient.ts';

/** What is done, as SQL in which :login and :database stand for their names, and the findings that change, with their status. */
type Break = readonly [
  hole: string,
  statements: readonly string[],
  changed: Readonly<Record<string, string>>,
];

const FUNCTION = 'CREATE FUNCTION retail.own() RETURNS integer LANGUAGE sql';

const EVERYWHERE: readonly Break[] = [
  ['nothing', [], {}],
  ['a group role may make roles', ['ALTER ROLE aisle_owner CREATEROLE'], { 'group roles': 'fail' }],
  [
    'the reader is a member of another role',
    ['GRANT pg_monitor TO aisle_reader'],
    { 'reader membership': 'fail' },
  ],

  [
    'row security switched off',
    ['ALTER TABLE retail.orders DISABLE ROW LEVEL SECURITY'],
    { coverage: 'fail' },
  ],
  [
    'row security not forced',
    ['ALTER TABLE retail.orders NO FORCE ROW LEVEL SECURITY'],
    { coverage: 'fail' },
  ],
  [
    'a table of tenants with nothing',
    ['CREATE TABLE retail.archive (store_id uuid)'],
    { coverage: 'fail', 'indexes led by store_id': 'warn' },
  ],
  [
    'a table of tenants in another schema',
    ['CREATE SCHEMA old', 'CREATE TABLE old.archive (store_id uuid PRIMARY KEY)'],
    { coverage: 'fail' },
  ],
  [
    'a policy for everybody and everything',
    ['CREATE POLICY open ON retail.orders USING (true)'],
    { 'policies of the reader': 'fail' },
  ],
  [
    'a policy by a setting that SQL may set',
    [
      `CREATE POLICY naive ON retail.orders FOR SELECT TO aisle_reader
       USING (store_id = current_setting('app.current_rls_user_id', true)::uuid)`,
    ],
    { 'policies of the reader': 'fail' },
  ],
  [
    'a policy of the login itself',
    ['CREATE POLICY own ON retail.orders FOR SELECT TO :login USING (true)'],
    { 'policies of the reader': 'fail' },
  ],
  [
    'a policy that checks less than it shows',
    [
      `CREATE POLICY half ON retail.orders FOR UPDATE TO aisle_writer
       USING (store_id = ANY ((SELECT access.visible_stores())::uuid[])) WITH CHECK (true)`,
    ],
    { 'policies of the reader': 'fail' },
  ],
  [
    'a policy verified once a row',
    [
      'CREATE POLICY slow ON retail.orders FOR SELECT TO aisle_reader USING (store_id = ANY (access.visible_stores()))',
    ],
    { 'policies of the reader': 'warn' },
  ],
  [
    'a restrictive policy, which only takes away',
    ['CREATE POLICY less ON retail.orders AS RESTRICTIVE USING (true)'],
    {},
  ],
  ['a policy of another role', ['CREATE POLICY other ON retail.orders TO aisle_loader USING (true)'], {}],
  [
    'the verifying function without its search path',
    ['ALTER FUNCTION access.visible_stores() RESET search_path'],
    { 'verifying function': 'fail' },
  ],

  ['a table off the list', ['GRANT SELECT ON access.grants TO aisle_reader'], { tables: 'fail' }],
  [
    'a column of a table off the list',
    ['GRANT SELECT (slug) ON access.subjects TO PUBLIC'],
    { tables: 'fail' },
  ],
  [
    'a table on the list taken away',
    ['REVOKE SELECT ON retail.orders FROM aisle_reader'],
    { tables: 'fail' },
  ],
  ['a table to change', ['GRANT DELETE ON retail.orders TO aisle_reader'], { writing: 'fail' }],
  ['a column to change', ['GRANT UPDATE (tier) ON retail.customers TO PUBLIC'], { writing: 'fail' }],
  [
    'a sequence',
    ['CREATE SEQUENCE retail.numbers', 'GRANT USAGE ON retail.numbers TO aisle_reader'],
    { writing: 'fail' },
  ],
  [
    'a schema to make things in',
    ['GRANT CREATE ON SCHEMA retail TO aisle_reader'],
    { 'making and owning': 'fail' },
  ],
  [
    'a table that the reader owns',
    ['ALTER TABLE retail.regions OWNER TO aisle_reader'],
    { writing: 'fail', 'making and owning': 'fail' },
  ],
  [
    'a view with the rights of its owner',
    [
      'CREATE VIEW retail.sales AS SELECT * FROM retail.orders',
      'GRANT SELECT ON retail.sales TO aisle_reader',
    ],
    { views: 'fail' },
  ],
  [
    'a view without a barrier',
    [
      'CREATE VIEW retail.sales WITH (security_invoker) AS SELECT * FROM retail.orders',
      'GRANT SELECT ON retail.sales TO aisle_reader',
    ],
    { views: 'warn' },
  ],
  [
    'a view as it should be, and one out of reach',
    [
      'CREATE VIEW retail.sales WITH (security_invoker = true, security_barrier = on) AS SELECT * FROM retail.orders',
      'GRANT SELECT ON retail.sales TO aisle_reader',
      'CREATE VIEW audit.everything AS SELECT * FROM retail.orders',
    ],
    {},
  ],
  [
    'a materialized view',
    [
      'CREATE MATERIALIZED VIEW retail.totals AS SELECT 1 AS one',
      'GRANT SELECT ON retail.totals TO aisle_reader',
    ],
    { 'materialized and foreign': 'fail' },
  ],
  [
    'a foreign table',
    [
      'CREATE FOREIGN DATA WRAPPER far',
      'CREATE SERVER away FOREIGN DATA WRAPPER far',
      'CREATE FOREIGN TABLE retail.remote (one integer) SERVER away',
      'GRANT SELECT ON retail.remote TO PUBLIC',
    ],
    { 'materialized and foreign': 'fail' },
  ],
  [
    'a function with the rights of its owner',
    [`${FUNCTION} SECURITY DEFINER RETURN 1`],
    { functions: 'fail' },
  ],
  ['a function of its own rights', [`${FUNCTION} RETURN 1`], { functions: 'warn' }],
  [
    'a function out of reach',
    [`${FUNCTION} SECURITY DEFINER RETURN 1`, 'REVOKE EXECUTE ON FUNCTION retail.own() FROM PUBLIC'],
    {},
  ],

  [
    'a schema that everybody may make things in',
    ['GRANT CREATE ON SCHEMA public TO PUBLIC'],
    { 'create in schemas': 'fail', 'making and owning': 'fail' },
  ],
  [
    'temporary tables for everybody',
    ['GRANT TEMPORARY ON DATABASE :database TO PUBLIC'],
    { 'rights on the database': 'fail', 'making and owning': 'fail' },
  ],
  [
    'a database that everybody may enter',
    ['GRANT CONNECT ON DATABASE :database TO PUBLIC'],
    { 'rights on the database': 'warn' },
  ],
  ['a table in public', ['CREATE TABLE public.stray (one integer)'], { 'objects in schema public': 'warn' }],
  [
    'a function in public',
    ['CREATE FUNCTION public.stray() RETURNS integer LANGUAGE sql RETURN 1'],
    { 'objects in schema public': 'warn' },
  ],

  [
    'a unique key over all stores',
    ['ALTER TABLE retail.orders ADD UNIQUE (order_number)'],
    { 'unique keys': 'fail' },
  ],
  [
    'a foreign key that leaves store_id out',
    [
      'CREATE UNIQUE INDEX ON retail.orders (order_id)',
      'ALTER TABLE retail.payments ADD FOREIGN KEY (order_id) REFERENCES retail.orders (order_id)',
    ],
    { 'unique keys': 'fail', 'foreign keys': 'fail', 'indexes of foreign keys': 'warn' },
  ],
  [
    'a foreign key without index',
    ['DROP INDEX retail.idx_payments_order'],
    { 'indexes of foreign keys': 'warn' },
  ],
  [
    'a constraint that was never checked',
    ['ALTER TABLE retail.orders ADD CHECK (item_count < 1000) NOT VALID'],
    { validity: 'warn' },
  ],

  ['no HNSW index', ['DROP INDEX retail.idx_embeddings_vector'], { index: 'warn' }],
  [
    'an HNSW index that was never finished',
    [`UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'retail.idx_embeddings_vector'::regclass`],
    { index: 'fail', validity: 'warn' },
  ],
  ['pgvector where no query looks', ['ALTER EXTENSION vector SET SCHEMA public'], { pgvector: 'fail' }],

  ['no context key', ['DELETE FROM access.context_keys'], { 'context key': 'fail' }],
  [
    'a context key of zeros',
    [`UPDATE access.context_keys SET inner_pad = decode(repeat('36', 64), 'hex')`],
    { 'context key': 'fail' },
  ],
  [
    'an old context key',
    [`UPDATE access.context_keys SET created_at = now() - interval '91 days'`],
    { 'context key': 'warn' },
  ],

  [
    'a database that is newer',
    [`INSERT INTO aisle.migrations (name, run_on) VALUES ('9999_z', now())`],
    { migrations: 'fail' },
  ],
  [
    'a database that is older',
    [`DELETE FROM aisle.migrations WHERE name LIKE '0006%'`],
    { migrations: 'fail' },
  ],
  [
    'a table that was never analysed',
    ['CREATE TABLE retail.fresh AS SELECT 1 AS one'],
    { 'planner statistics': 'warn' },
  ],
];

const ON_A_SERVER: readonly Break[] = [
  ['a login that bypasses row security', ['ALTER ROLE :login BYPASSRLS'], { 'query login': 'fail' }],
  [
    'a login that may become the loader',
    ['GRANT aisle_loader TO :login'],
    {
      'query login': 'fail',
      tables: 'fail',
      writing: 'fail',
      'making and owning': 'fail',
      functions: 'fail',
    },
  ],
  ['a login that has expired', [`ALTER ROLE :login VALID UNTIL '2020-01-01'`], { 'query login': 'fail' }],
  ['a login of few connections', ['ALTER ROLE :login CONNECTION LIMIT 3'], { connections: 'fail' }],
  [
    'a database of few connections',
    ['ALTER DATABASE :database CONNECTION LIMIT 11'],
    { connections: 'fail' },
  ],
  ['locks waited for without end', ['ALTER ROLE :login RESET lock_timeout'], { 'session timeouts': 'warn' }],
  [
    'a login that writes',
    ['ALTER ROLE :login SET default_transaction_read_only = off'],
    { 'read only': 'warn' },
  ],
  [
    'jit for the login in this database',
    ['ALTER ROLE :login IN DATABASE :database SET jit = on'],
    { jit: 'warn' },
  ],
  [
    'a setting of the database, which that of the login overrides',
    ['ALTER DATABASE :database SET jit = on'],
    {},
  ],
  [
    'temporary files without end',
    ['ALTER ROLE :login SET temp_file_limit = -1'],
    { 'temporary files': 'warn' },
  ],
  [
    'every statement logged',
    [`ALTER ROLE :login SET log_statement = 'all'`],
    { 'statements in the log': 'warn' },
  ],
  [
    'slow statements of the whole database logged',
    ['ALTER DATABASE :database SET log_min_duration_statement = 100'],
    { 'statements in the log': 'warn' },
  ],
  ['passwords stored as md5', [`SET LOCAL password_encryption = 'md5'`], { 'password encryption': 'warn' }],
  [
    'a role whose password is stored as md5',
    [`CREATE ROLE :login_md5 LOGIN PASSWORD 'md5${'0'.repeat(32)}'`],
    { 'stored passwords': 'warn' },
  ],
  [
    'the statistics of statements',
    [
      'CREATE SCHEMA stats',
      'GRANT USAGE ON SCHEMA stats TO aisle_reader',
      'CREATE EXTENSION pg_stat_statements SCHEMA stats',
    ],
    { pg_stat_statements: 'fail' },
  ],
  [
    'the statistics of statements, out of reach',
    ['CREATE SCHEMA stats', 'CREATE EXTENSION pg_stat_statements SCHEMA stats'],
    {},
  ],
  ['a way to other servers', ['CREATE EXTENSION dblink SCHEMA public'], { extensions: 'warn' }],
];

const EMBEDDED: readonly Break[] = [
  [
    'set_config, by which the reader would give its role back',
    ['GRANT EXECUTE ON FUNCTION pg_catalog.set_config(text, text, boolean) TO aisle_reader'],
    { 'embedded session': 'fail' },
  ],
  ['DO blocks', ['GRANT USAGE ON LANGUAGE plpgsql TO aisle_reader'], { 'embedded session': 'fail' }],
];

describe.each(superuserDatabases)('what is wrong with $name', ({ name, connect }) => {
  const kind = name;
  const reached = { kind, address: 'here', isRemote: false, tls: undefined } as const;
  let session: SuperuserSession;
  let database: string;
  let good: readonly Finding[];

  const found = (statements: readonly string[], settings: Partial<Settings> = {}): Promise<Finding[]> =>
    session.rolledBack(async () => {
      const login = kind === 'embedded' ? 'aisle_reader' : `aisle_reader_${database}`;
      for (const statement of statements)
        await session.client.query(statement.replaceAll(':login', login).replaceAll(':database', database));
      const url = kind === 'embedded' ? undefined : 'postgres://owner@localhost/shop';
      return examine(
        settingsWith({ DATABASE_URL: url, ...settings }),
        await inspectionOf(session.client, reached),
      );
    });
  const changed = (findings: readonly Finding[]) =>
    Object.fromEntries(
      findings
        .filter(({ status }, index) => status !== good[index]?.status)
        .map(({ check, status }) => [check, status]),
    );

  beforeAll(async () => {
    session = await connect();
    await session.client.query('ANALYZE');
    const { rows } = await session.client.query<{ name: string }>('SELECT current_database() AS name');
    database = rows[0]?.name ?? '';
    good = await found([]);
  });
  afterAll(() => session.close());

  it('is nothing when it is as Aisle made it', () => {
    expect(good.filter(({ status }) => status === 'fail')).toEqual([]);
    const warned = good.filter(({ status }) => status === 'warn').map(({ check }) => check);
    expect(warned).toEqual(kind === 'embedded' ? [] : ['database user']); // the tests' user is a superuser
  });

  it.each([...EVERYWHERE, ...(kind === 'embedded' ? EMBEDDED : ON_A_SERVER)])(
    '%s',
    async (_hole, statements, expected) => {
      const findings = await found(statements);
      expect(changed(findings)).toEqual(expected);
      const unmended = findings.filter(
        ({ status, mend }) => (status === 'warn' || status === 'fail') && !mend,
      );
      expect(unmended).toEqual([]);
    },
  );

  it.each([
    ['a pure one', 'IMMUTABLE', 'retail.own', 'ok', 'retail.own'],
    ['a pure one, unqualified', 'IMMUTABLE', 'own', 'ok', 'own'],
    ['a volatile one', 'VOLATILE', 'retail.own', 'warn', 'may have side effects (VOLATILE): retail.own'],
    [
      'one with other rights',
      'SECURITY DEFINER',
      'retail.own',
      'fail',
      'runs with the rights of its owner: retail.own',
    ],
    ['one of another name', 'IMMUTABLE', 'retail.owner', 'warn', 'does not exist: retail.owner'],
  ])('extra functions: %s', async (_what, kindOf, setting, status, text) => {
    const findings = await found([`${FUNCTION} ${kindOf} RETURN 1`], { SQL_EXTRA_FUNCTIONS: [setting] });
    expect(findings.find(({ check }) => check === 'extra functions')).toMatchObject({ status, found: text });
  });

  it('a query that fails is a finding, and those after it are looked at all the same', async () => {
    const findings = await found(['DROP TABLE access.context_keys']);
    expect(changed(findings)).toEqual({ 'context key': 'fail' });
    expect(findings.find(({ check }) => check === 'context key')?.found).toBe(
      'could not be looked at: relation "access.context_keys" does not exist',
    );
  });

  it('no name in the database can take the place of what the checks call', async () => {
    const findings = await found([
      'CREATE SCHEMA trap',
      `CREATE FUNCTION trap.current_setting(text) RETURNS text LANGUAGE sql RETURN 'trapped'`,
      'CREATE TABLE trap.pg_policy (polrelid oid)',
      'SET LOCAL search_path = trap, pg_catalog',
      'ALTER TABLE retail.orders DISABLE ROW LEVEL SECURITY',
    ]);
    expect(changed(findings)).toEqual({ coverage: 'fail' });
  });
});
