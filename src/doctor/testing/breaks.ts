/** What is done, as SQL in which :login and :database stand for their names, and the findings that change, with their status. */
export type Break = readonly [
  hole: string,
  statements: readonly string[],
  changed: Readonly<Record<string, string>>,
];

export const FUNCTION = 'CREATE FUNCTION retail.own() RETURNS integer LANGUAGE sql';

/** On every database. */
export const EVERYWHERE: readonly Break[] = [
  ['nothing', [], {}],
  [
    'a group role may make roles',
    ['ALTER ROLE aisle_owner CREATEROLE'],
    { 'group roles': 'fail', grants: 'fail' },
  ],
  [
    'the reader is a member of another role',
    ['GRANT pg_monitor TO aisle_reader'],
    { 'reader memberships': 'fail', grants: 'fail' },
  ],

  // Which hole is which wall's is tested beside the walls (src/data/self-check.db.test.ts); here, that each shows by itself.
  [
    'row security switched off',
    ['ALTER TABLE retail.orders DISABLE ROW LEVEL SECURITY'],
    { 'forced row security': 'fail' },
  ],
  [
    'row security not forced',
    ['ALTER TABLE retail.orders NO FORCE ROW LEVEL SECURITY'],
    { 'forced row security': 'fail' },
  ],
  [
    'a table of tenants with nothing',
    ['CREATE TABLE retail.archive (store_id uuid)'],
    {
      'forced row security': 'fail',
      'policy for the reader': 'fail',
      'primary keys led by store_id': 'fail',
      'led by store_id': 'warn',
    },
  ],
  [
    'a policy by a setting that SQL may set',
    [
      `CREATE POLICY naive ON retail.orders FOR SELECT TO aisle_reader
       USING (store_id = current_setting('app.current_rls_user_id', true)::uuid)`,
    ],
    { 'policies confine': 'fail' },
  ],
  [
    'a policy verified once a row',
    [
      'CREATE POLICY slow ON retail.orders FOR SELECT TO aisle_reader USING (store_id = ANY (access.visible_stores()))',
    ],
    { 'policies confine': 'fail' },
  ],
  [
    'a restrictive policy, which only takes away',
    ['CREATE POLICY less ON retail.orders AS RESTRICTIVE TO aisle_reader USING (true)'],
    {},
  ],
  [
    'the verifying function without its search path',
    ['ALTER FUNCTION access.visible_stores() RESET search_path'],
    { verifier: 'fail' },
  ],

  [
    'a table off the list',
    ['GRANT SELECT ON access.subjects TO aisle_reader'],
    { grants: 'fail', 'keys and grants out of reach': 'fail' },
  ],
  [
    'a column of a table off the list',
    ['CREATE TABLE retail.colours (name text)', 'GRANT SELECT (name) ON retail.colours TO PUBLIC'],
    { grants: 'warn', 'no other tables': 'fail' },
  ],
  [
    'a table on the list taken away',
    ['REVOKE SELECT ON retail.orders FROM aisle_reader'],
    { grants: 'fail' },
  ],
  [
    'a table to change',
    ['GRANT DELETE ON retail.orders TO aisle_reader'],
    { grants: 'fail', 'reader writes nothing': 'fail' },
  ],
  [
    'a sequence',
    ['CREATE SEQUENCE retail.numbers', 'GRANT USAGE ON retail.numbers TO aisle_reader'],
    { grants: 'fail', sequences: 'fail' },
  ],
  [
    'a schema to make things in',
    ['GRANT CREATE ON SCHEMA retail TO aisle_reader'],
    { grants: 'fail', 'reader makes nothing': 'fail' },
  ],
  [
    'a table that the reader owns',
    ['ALTER TABLE retail.regions OWNER TO aisle_reader'],
    { grants: 'fail', 'reader owns nothing': 'fail', 'reader writes nothing': 'fail' },
  ],
  [
    'a view with the rights of its owner',
    [
      'CREATE VIEW retail.sales WITH (security_barrier) AS SELECT * FROM retail.orders',
      'GRANT SELECT ON retail.sales TO aisle_reader',
    ],
    { grants: 'fail', views: 'fail' },
  ],
  [
    'a view without a barrier',
    [
      'CREATE VIEW retail.sales WITH (security_invoker) AS SELECT * FROM retail.orders',
      'GRANT SELECT ON retail.sales TO aisle_reader',
    ],
    { grants: 'fail', 'view barriers': 'warn' },
  ],
  [
    'a view as it should be, which is not on the list, and one out of reach',
    [
      'CREATE VIEW retail.sales WITH (security_invoker = true, security_barrier = on) AS SELECT * FROM retail.orders',
      'GRANT SELECT ON retail.sales TO aisle_reader',
      'CREATE VIEW audit.everything AS SELECT * FROM retail.orders',
    ],
    { grants: 'fail' },
  ],
  [
    'a materialized view',
    [
      'CREATE MATERIALIZED VIEW retail.totals AS SELECT 1 AS one',
      'GRANT SELECT ON retail.totals TO aisle_reader',
    ],
    { grants: 'fail', 'materialized views and foreign tables': 'fail' },
  ],
  [
    'a foreign table',
    [
      'CREATE FOREIGN DATA WRAPPER far',
      'CREATE SERVER away FOREIGN DATA WRAPPER far',
      'CREATE FOREIGN TABLE retail.remote (one integer) SERVER away',
      'GRANT SELECT ON retail.remote TO PUBLIC',
    ],
    { grants: 'warn', 'materialized views and foreign tables': 'fail' },
  ],
  [
    'a function with the rights of its owner',
    [`${FUNCTION} SECURITY DEFINER RETURN 1`],
    { grants: 'warn', 'definer functions': 'fail' },
  ],
  ['a function of its own rights', [`${FUNCTION} RETURN 1`], { grants: 'warn' }],
  [
    'a function out of reach',
    [`${FUNCTION} RETURN 1`, 'REVOKE EXECUTE ON FUNCTION retail.own() FROM PUBLIC'],
    {},
  ],

  [
    'a schema that everybody may make things in',
    ['GRANT CREATE ON SCHEMA public TO PUBLIC'],
    { grants: 'warn', 'create in schemas': 'fail', 'reader makes nothing': 'fail' },
  ],
  [
    'temporary tables for everybody',
    ['GRANT TEMPORARY ON DATABASE :database TO PUBLIC'],
    { 'rights on the database': 'fail', 'reader makes nothing': 'fail' },
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
    { grants: 'warn', 'objects in schema public': 'warn' },
  ],

  [
    'a unique key over all stores',
    ['ALTER TABLE retail.orders ADD UNIQUE (order_number)'],
    { 'unique keys led by store_id': 'fail' },
  ],
  [
    'a foreign key that leaves store_id out',
    [
      'CREATE UNIQUE INDEX ON retail.orders (order_id)',
      'ALTER TABLE retail.payments ADD FOREIGN KEY (order_id) REFERENCES retail.orders (order_id)',
    ],
    { 'unique keys led by store_id': 'fail', 'foreign keys led by store_id': 'fail', 'foreign keys': 'warn' },
  ],
  ['a foreign key without index', ['DROP INDEX retail.idx_payments_order'], { 'foreign keys': 'warn' }],
  [
    'a constraint that was never checked',
    ['ALTER TABLE retail.orders ADD CHECK (item_count < 1000) NOT VALID'],
    { validity: 'warn' },
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

export const ON_A_SERVER: readonly Break[] = [
  [
    'no HNSW index',
    ['DROP INDEX retail.idx_embeddings_vector_0, retail.idx_embeddings_vector_1'],
    { index: 'warn' },
  ],
  ['an HNSW index of one slot only', ['DROP INDEX retail.idx_embeddings_vector_1'], { index: 'warn' }],
  [
    'an HNSW index that was never finished',
    [`UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'retail.idx_embeddings_vector_0'::regclass`],
    { index: 'fail', validity: 'warn' },
  ],
  [
    'a login that bypasses row security',
    ['ALTER ROLE :login BYPASSRLS'],
    { grants: 'fail', 'reader attributes': 'fail' },
  ],
  [
    'a login that may become the loader',
    ['GRANT aisle_loader TO :login'],
    {
      'reader memberships': 'fail',
      grants: 'fail',
      'keys and grants out of reach': 'fail',
      'tenant tables live in retail': 'fail', // access.grants
      'policies confine': 'fail',
      'reader writes nothing': 'fail',
      'reader makes nothing': 'fail',
      'definer functions': 'fail',
      'no other tables': 'fail', // retail.embedding_work
      'view barriers': 'warn', // retail.product_texts
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
    { grants: 'fail', pg_stat_statements: 'fail', views: 'fail' },
  ],
  [
    'the statistics of statements, out of reach',
    ['CREATE SCHEMA stats', 'CREATE EXTENSION pg_stat_statements SCHEMA stats'],
    { grants: 'warn' },
  ],
  [
    'a way to other servers',
    ['CREATE EXTENSION dblink SCHEMA public'],
    { grants: 'warn', extensions: 'warn' },
  ],
];

export const ON_EMBEDDED: readonly Break[] = [
  [
    'set_config, by which the reader would give its role back',
    ['GRANT EXECUTE ON FUNCTION pg_catalog.set_config(text, text, boolean) TO aisle_reader'],
    { grants: 'fail', 'embedded session': 'fail' },
  ],
  [
    'DO blocks',
    ['GRANT USAGE ON LANGUAGE plpgsql TO aisle_reader'],
    { grants: 'fail', 'embedded session': 'fail' },
  ],
];
