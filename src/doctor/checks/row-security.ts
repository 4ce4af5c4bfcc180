import { z } from 'zod';
import { TENANT_TABLES_FOUND } from '../../data/tenant-tables.ts';
import { type Check, fail, listed, ok, rowsCheck, warn } from '../check.ts';

const group = 'row security';

export const coverage = rowsCheck({
  group,
  name: 'coverage',
  needs: 'tenants',
  query: `SELECT t.name, c.relrowsecurity AS "isEnabled", c.relforcerowsecurity AS "isForced",
      EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid) AS "hasPolicy"
    FROM (${TENANT_TABLES_FOUND}) t JOIN pg_class c ON c.oid = t.oid ORDER BY 1`,
  row: z.object({
    name: z.string(),
    isEnabled: z.boolean(),
    isForced: z.boolean(),
    hasPolicy: z.boolean(),
  }),
  judge(tables) {
    const open = tables.filter(({ isEnabled, isForced, hasPolicy }) => !(isEnabled && isForced && hasPolicy));
    if (open.length === 0)
      return ok(`enabled, forced and with policies on all ${tables.length} tables of tenants`);
    const lacks = (table: (typeof open)[number]) =>
      [
        ...(table.isEnabled ? [] : ['not enabled']),
        ...(table.isForced ? [] : ['not forced']),
        ...(table.hasPolicy ? [] : ['no policy']),
      ].join(', ');
    return fail(
      listed(open.map((table) => `${table.name} (${lacks(table)})`)),
      'ALTER TABLE … ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY; and policies as in migrations/0004_row_security.sql.',
    );
  },
});

/** As PostgreSQL writes it back: the sub-select makes it an InitPlan, verified once a statement. */
const INIT_PLAN = 'store_id = ANY (( SELECT access.visible_stores() AS visible_stores)::uuid[])';
/** The same function without it: as safe, and verified once a row. */
const ONCE_A_ROW = 'store_id = ANY (access.visible_stores())';

const POLICY = z.object({ table: z.string(), policy: z.string(), condition: z.string().nullable() });

/** Policies add up: one that lets too much through is enough. Restrictive ones can only take away. */
export const conditions = rowsCheck({
  group,
  name: 'policies of the reader',
  needs: 'tenants',
  query: `SELECT t.name AS table, p.polname::text AS policy, condition
    FROM (${TENANT_TABLES_FOUND}) t JOIN pg_policy p ON p.polrelid = t.oid
    CROSS JOIN LATERAL unnest(CASE p.polcmd WHEN 'a' THEN ARRAY[pg_get_expr(p.polwithcheck, t.oid)]
      ELSE ARRAY[pg_get_expr(p.polqual, t.oid), pg_get_expr(COALESCE(p.polwithcheck, p.polqual), t.oid)] END) condition
    WHERE p.polpermissive AND (0 = ANY (p.polroles) OR EXISTS (SELECT FROM pg_roles r
      WHERE r.rolname IN ($1, 'aisle_reader', 'aisle_writer') AND r.oid = ANY (p.polroles)))
    GROUP BY 1, 2, 3 ORDER BY 1, 2`,
  values: ({ facts }) => [facts.reader],
  row: POLICY,
  judge(policies) {
    const such = (test: (condition: string) => boolean) => [
      ...new Set(
        policies
          .filter(({ condition }) => test((condition ?? 'true').replace(/^\((.*)\)$/s, '$1')))
          .map(({ table, policy }) => `${policy} on ${table}`),
      ),
    ];
    const mend =
      'Write it as in migrations/0004_row_security.sql: USING (store_id = ANY ((SELECT access.visible_stores())::uuid[])).';
    const others = such((condition) => condition !== INIT_PLAN && condition !== ONCE_A_ROW);
    if (others.length > 0)
      return fail(`not by the signed context, which is all that SQL can not forge: ${listed(others)}`, mend);
    const slow = such((condition) => condition === ONCE_A_ROW);
    if (slow.length > 0) return warn(`the context is verified for each row: ${listed(slow)}`, mend);
    return ok(`${such(() => true).length}, each by the signed context, verified once a statement`);
  },
});

/** The one function that turns a context into stores. */
export const verifier = rowsCheck({
  group,
  name: 'verifying function',
  needs: 'migrated',
  query: `SELECT p.proowner::regrole::text AS owner, p.prosecdef AS "isDefiner", p.provolatile = 's' AS "isStable",
      COALESCE((SELECT entry FROM unnest(p.proconfig) entry WHERE entry LIKE 'search_path=%'), '') AS "searchPath"
    FROM pg_proc p WHERE p.oid = to_regprocedure('access.visible_stores()')`,
  row: z.object({
    owner: z.string(),
    isDefiner: z.boolean(),
    isStable: z.boolean(),
    searchPath: z.string(),
  }),
  judge([verify]) {
    const mend = 'Make it again as migrations/0003_access.sql has it.';
    if (verify === undefined) return fail('access.visible_stores() does not exist', mend);
    const wrong = [
      ...(verify.owner === 'aisle_verifier' ? [] : [`owned by ${verify.owner}`]),
      ...(verify.isDefiner ? [] : ['not SECURITY DEFINER']),
      ...(verify.isStable ? [] : ['not STABLE']),
      ...(verify.searchPath === 'search_path=pg_catalog, pg_temp' ? [] : ['open to any search_path']),
    ];
    return wrong.length === 0
      ? ok('owned by aisle_verifier, search path pinned')
      : fail(`access.visible_stores() is ${wrong.join(', ')}`, mend);
  },
});

export const ROW_SECURITY: readonly Check[] = [coverage, conditions, verifier];
