import type { Pool } from 'pg';
import { SEARCH_PATH } from './tables.ts';

/** What the database knows of a function that the operator wants to allow; of all its overloads together. */
export interface FunctionFacts {
  /** As asked for: `name` or `schema.name`. */
  readonly name: string;
  readonly exists: boolean;
  /** Any overload may change something or answer differently each time. */
  readonly isVolatile: boolean;
  /** Any overload runs with its owner's rights (SECURITY DEFINER), whom row security may not confine. */
  readonly runsAsOwner: boolean;
  /** Readers may call every overload. */
  readonly isExecutable: boolean;
}

const FACTS = `SELECT wanted AS name,
    count(p.oid) > 0 AS "exists",
    COALESCE(bool_or(p.provolatile = 'v'), false) AS "isVolatile",
    COALESCE(bool_or(p.prosecdef), false) AS "runsAsOwner",
    COALESCE(bool_and(has_function_privilege('aisle_reader', p.oid, 'EXECUTE')
      AND has_schema_privilege('aisle_reader', n.oid, 'USAGE')), false) AS "isExecutable"
  FROM unnest($1::text[]) WITH ORDINALITY AS list (wanted, place)
  LEFT JOIN (pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace)
    ON (n.nspname || '.' || p.proname = wanted) OR (p.proname = wanted AND n.nspname = ANY ($2::text[]))
  GROUP BY wanted, place ORDER BY place`;

/** In the order asked for. A bare name is looked up as in a query: in the search path and among PostgreSQL's own. */
export async function functionFacts(pool: Pool, names: readonly string[]): Promise<readonly FunctionFacts[]> {
  const { rows } = await pool.query<FunctionFacts>(FACTS, [names, [...SEARCH_PATH, 'pg_catalog']]);
  return rows;
}
