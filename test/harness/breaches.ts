/** Ways to break the database wall, each with the check of WALL_CHECKS that must notice, and what it must name. */
import { randomBytes } from 'node:crypto';

/** Roles belong to the cluster: names of this run's own, and none outlives its transaction. */
const tag = randomBytes(6).toString('hex');
export const READER = `walls_reader_${tag}`;
const BETWEEN = `walls_between_${tag}`;
export const CREATE_ROLE = `CREATE ROLE ${READER} LOGIN NOSUPERUSER IN ROLE aisle_reader`;

export const DEFINITION = 'store_id uuid NOT NULL, return_id uuid NOT NULL, reason text';
const TABLE = `CREATE TABLE retail.returns (${DEFINITION}, PRIMARY KEY (store_id, return_id))`;
export const ENABLE = 'ALTER TABLE retail.returns ENABLE ROW LEVEL SECURITY';
export const FORCE = 'ALTER TABLE retail.returns FORCE ROW LEVEL SECURITY';
const CONFINED = 'USING (store_id = ANY ((SELECT access.visible_stores())::uuid[]))';
export const POLICY = `CREATE POLICY tenant_reads ON retail.returns FOR SELECT TO aisle_reader, aisle_writer ${CONFINED}`;
export const GRANT = 'GRANT SELECT ON retail.returns TO aisle_reader, aisle_writer';
export const COMPLETE = [TABLE, ENABLE, FORCE, POLICY, GRANT];
/** A complete tenant table with another policy. */
const withPolicy = (policy: string) => [TABLE, ENABLE, FORCE, GRANT, policy];

type Breach = readonly [hole: string, check: string, setUp: readonly string[], breach: string];

export const READER_BREACHES: readonly Breach[] = [
  ['is a superuser', 'reader attributes', [CREATE_ROLE, `ALTER ROLE ${READER} SUPERUSER`], 'SUPERUSER'],
  [
    'bypasses row security',
    'reader attributes',
    [CREATE_ROLE, `ALTER ROLE ${READER} BYPASSRLS`],
    'BYPASSRLS',
  ],
  ['makes roles', 'reader attributes', [CREATE_ROLE, `ALTER ROLE ${READER} CREATEROLE`], 'CREATEROLE'],
  ...['owner', 'loader', 'masker', 'verifier', 'writer'].map(
    (more): Breach => [
      `may become the ${more}`,
      'reader memberships',
      [CREATE_ROLE, `GRANT aisle_${more} TO ${READER}`],
      `aisle_${more}`,
    ],
  ),
  [
    'may read all tables by a role of PostgreSQL',
    'reader memberships',
    [CREATE_ROLE, `GRANT pg_read_all_stats TO ${READER}`],
    'pg_read_all_stats',
  ],
  [
    'inherits nothing and may become the loader by SET ROLE',
    'reader memberships',
    [`${CREATE_ROLE} NOINHERIT`, `GRANT aisle_loader TO ${READER}`],
    'aisle_loader',
  ],
  [
    'may become the owner by way of another role',
    'reader memberships',
    [CREATE_ROLE, `CREATE ROLE ${BETWEEN} IN ROLE aisle_owner`, `GRANT ${BETWEEN} TO ${READER}`],
    `aisle_owner, ${BETWEEN}`,
  ],
  [
    'owns a table',
    'reader owns nothing',
    [CREATE_ROLE, ...COMPLETE, `ALTER TABLE retail.returns OWNER TO ${READER}`],
    'retail.returns',
  ],
];

export const BREACHES: readonly Breach[] = [
  [
    'read personal data past the view that masks it',
    'tenant tables live in retail',
    ['GRANT SELECT (email) ON private.customers TO aisle_reader'],
    'private.customers',
  ],
  [
    'write a table',
    'reader writes nothing',
    ['GRANT INSERT ON retail.orders TO aisle_reader'],
    'retail.orders',
  ],
  [
    'write a column',
    'reader writes nothing',
    ['GRANT UPDATE (status) ON retail.orders TO PUBLIC'],
    'retail.orders',
  ],
  ['truncate', 'reader writes nothing', ['GRANT TRUNCATE ON retail.orders TO aisle_reader'], 'retail.orders'],
  ['make tables', 'reader makes nothing', ['GRANT CREATE ON SCHEMA public TO PUBLIC'], 'schema public'],
  [
    'make temporary tables',
    'reader makes nothing',
    [
      `DO $$ BEGIN EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO aisle_reader', current_database()); END $$`,
    ],
    'database ',
  ],
  [
    'reach a sequence',
    'sequences',
    ['CREATE SEQUENCE retail.numbers', 'GRANT USAGE ON SEQUENCE retail.numbers TO aisle_reader'],
    'retail.numbers',
  ],
  [
    'read a key',
    'keys and grants out of reach',
    ['GRANT SELECT (outer_pad) ON access.context_keys TO aisle_reader'],
    'access.context_keys',
  ],
  [
    'read the grants',
    'keys and grants out of reach',
    ['GRANT SELECT ON access.grants TO PUBLIC'],
    'access.grants',
  ],
  [
    'read a table that belongs to no store',
    'no other tables',
    [
      'CREATE TABLE retail.order_notes (order_id uuid, note text)',
      'GRANT SELECT (note) ON retail.order_notes TO aisle_reader',
    ],
    'retail.order_notes',
  ],
  [
    'search by a SECURITY DEFINER function',
    'definer functions',
    [
      `CREATE FUNCTION retail.search(text) RETURNS SETOF retail.orders LANGUAGE sql SECURITY DEFINER AS 'SELECT * FROM retail.orders'`,
    ],
    'retail.search(text)',
  ],
  [
    'read a view without security_invoker',
    'views',
    [
      'CREATE VIEW retail.sales AS SELECT * FROM retail.orders',
      'GRANT SELECT ON retail.sales TO aisle_reader',
    ],
    'retail.sales',
  ],
  [
    'read a view whose security_invoker was turned off',
    'views',
    [
      'CREATE VIEW retail.sales WITH (security_invoker = false) AS SELECT * FROM retail.orders',
      'GRANT SELECT ON retail.sales TO aisle_reader',
    ],
    'retail.sales',
  ],
  [
    // Whoever reads the view reads through to the other, schema or not: USAGE counts for names in the query only.
    "reach a view that looks with its owner's eyes, in a schema out of reach, through one that does not",
    'views',
    [
      'CREATE SCHEMA backroom',
      'CREATE VIEW backroom.sales AS SELECT * FROM retail.orders',
      'CREATE VIEW retail.sales WITH (security_invoker) AS SELECT * FROM backroom.sales',
      'GRANT SELECT ON backroom.sales, retail.sales TO aisle_reader',
    ],
    'backroom.sales',
  ],
  [
    'read one column of a materialized view',
    'materialized views and foreign tables',
    [
      'CREATE MATERIALIZED VIEW retail.totals AS SELECT * FROM retail.orders',
      'GRANT SELECT (total_amount) ON retail.totals TO aisle_reader',
    ],
    'retail.totals',
  ],
  [
    'read a foreign table',
    'materialized views and foreign tables',
    [
      'CREATE FOREIGN DATA WRAPPER elsewhere',
      'CREATE SERVER far FOREIGN DATA WRAPPER elsewhere',
      'CREATE FOREIGN TABLE retail.far_orders (a int) SERVER far',
      'GRANT SELECT ON retail.far_orders TO PUBLIC',
    ],
    'retail.far_orders',
  ],
  [
    'read an archive with a store_id in another schema',
    'tenant tables live in retail',
    [
      'CREATE SCHEMA archive',
      'GRANT USAGE ON SCHEMA archive TO aisle_reader',
      'CREATE TABLE archive.orders AS SELECT * FROM retail.orders',
      'GRANT SELECT ON archive.orders TO aisle_reader',
    ],
    'archive.orders',
  ],
];

const VERIFIER = 'ALTER FUNCTION access.visible_stores()';
const UNMASKED = `DO $$ BEGIN EXECUTE 'CREATE OR REPLACE VIEW retail.customers AS ' || replace(
  pg_get_viewdef('retail.customers'::regclass), 'access.mask_email', 'lower'); END $$`;
export const TABLE_BREACHES: readonly Breach[] = [
  [
    'without the pinned search path of its verifier',
    'verifier',
    [`${VERIFIER} RESET search_path`],
    'access.visible_stores()',
  ],
  [
    'with another search path of its verifier',
    'verifier',
    [`${VERIFIER} SET search_path = public`],
    'access.visible_stores()',
  ],
  [
    'with a verifier that is not the definer',
    'verifier',
    [`${VERIFIER} SECURITY INVOKER`],
    'access.visible_stores()',
  ],
  [
    'with a verifier of another owner',
    'verifier',
    [`${VERIFIER} OWNER TO aisle_loader`],
    'access.visible_stores()',
  ],
  [
    'with a verifier that may log in',
    'verifier',
    ['ALTER ROLE aisle_verifier LOGIN'],
    'access.sees_customer_pii(), access.visible_stores()',
  ],
  [
    'whose verifier of rights anybody may point elsewhere',
    'verifier',
    ['ALTER FUNCTION access.sees_customer_pii() RESET search_path'],
    'access.sees_customer_pii()',
  ],
  [
    'whose masking view belongs to somebody whom row security does not confine',
    'views',
    ['ALTER VIEW retail.customers OWNER TO CURRENT_USER'],
    'retail.customers',
  ],
  ['whose masking view shows an address as it is', 'masking views', [UNMASKED], 'retail.customers'],
  ['whose masking view is gone', 'masking views', ['DROP VIEW retail.customers'], 'retail.customers'],
  [
    'with another view of the masking role',
    'views',
    [
      'CREATE VIEW retail.contacts AS SELECT store_id, email FROM private.customers',
      'GRANT SELECT ON retail.contacts TO aisle_reader',
      'GRANT CREATE ON SCHEMA retail TO aisle_masker',
      'ALTER VIEW retail.contacts OWNER TO aisle_masker',
    ],
    'retail.contacts',
  ],
  ['whose masking role may log in', 'masking role', ['ALTER ROLE aisle_masker LOGIN'], 'LOGIN'],
  [
    'whose masking role bypasses row security',
    'masking role',
    ['ALTER ROLE aisle_masker BYPASSRLS'],
    'BYPASSRLS',
  ],
  [
    'whose masking role may become the loader, who sees all',
    'masking role',
    ['GRANT aisle_loader TO aisle_masker'],
    'member of aisle_loader',
  ],
  [
    'whose masking role reads more than it masks',
    'masking role',
    ['GRANT SELECT (total_amount) ON retail.orders TO aisle_masker'],
    'reads retail.orders',
  ],
  [
    'whose masked table shows the masking role every row',
    'policies confine',
    ['CREATE POLICY all_rows ON private.customers TO aisle_masker USING (true)'],
    'private.customers: all_rows',
  ],
  [
    'and tables whose row security was loosened',
    'forced row security',
    [
      'ALTER TABLE retail.orders NO FORCE ROW LEVEL SECURITY',
      'ALTER TABLE private.customers DISABLE ROW LEVEL SECURITY',
    ],
    'private.customers, retail.orders',
  ],
  [
    'and a partitioned archive where somebody forgot row security',
    'forced row security',
    [
      `CREATE TABLE retail.archive (${DEFINITION}, PRIMARY KEY (store_id, return_id)) PARTITION BY HASH (store_id)`,
    ],
    'retail.archive',
  ],
  [
    'and a table with restrictive policies only',
    'policy for the reader',
    withPolicy(`CREATE POLICY narrow ON retail.returns AS RESTRICTIVE TO aisle_reader ${CONFINED}`),
    'retail.returns',
  ],
  [
    'and a table whose policy is for writing',
    'policy for the reader',
    withPolicy('CREATE POLICY writes ON retail.returns FOR INSERT TO aisle_reader WITH CHECK (true)'),
    'retail.returns',
  ],
  [
    'and a second policy that shows all',
    'policies confine',
    [...COMPLETE, 'CREATE POLICY audit ON retail.returns FOR SELECT TO aisle_reader USING (true)'],
    'retail.returns: audit',
  ],
  [
    'and the naive policy on a setting',
    'policies confine',
    withPolicy(
      `CREATE POLICY naive ON retail.returns TO aisle_reader USING (store_id = current_setting('app.current_rls_user_id')::uuid)`,
    ),
    'retail.returns: naive',
  ],
  [
    'and a policy that verifies for each row',
    'policies confine',
    withPolicy(
      'CREATE POLICY slow ON retail.returns TO aisle_reader USING (store_id = ANY (access.visible_stores()))',
    ),
    'retail.returns: slow',
  ],
  [
    'and a way around its condition',
    'policies confine',
    withPolicy(
      `CREATE POLICY around ON retail.returns TO aisle_reader USING (reason = 'all' OR store_id = ANY ((SELECT access.visible_stores())::uuid[]))`,
    ),
    'retail.returns: around',
  ],
  [
    'and a policy for everybody',
    'no policy for everybody',
    [...COMPLETE, `CREATE POLICY everybody ON retail.returns ${CONFINED}`],
    'retail.returns: everybody',
  ],
  [
    'and a key over all stores that tells what another store has',
    'unique keys led by store_id',
    ['CREATE UNIQUE INDEX by_number ON retail.orders (order_number)'],
    'retail.by_number',
  ],
  [
    'and a foreign key that can point into another store',
    'foreign keys led by store_id',
    [
      ...COMPLETE,
      'CREATE UNIQUE INDEX by_id ON retail.returns (return_id)',
      'ALTER TABLE retail.payments ADD CONSTRAINT across FOREIGN KEY (payment_id) REFERENCES retail.returns (return_id) NOT VALID',
    ],
    'retail.payments: across',
  ],
];
