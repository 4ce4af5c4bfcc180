import { GRANTED_TABLES } from '../../data/tables.ts';
import { OF_EXTENSION } from '../../data/walls/wall-check.ts';
import { ConfigurationError, UnavailableError } from '../../kernel/errors.ts';
import { type Attack, attacks } from './attack.ts';
import type { Canaries } from './canaries.ts';
import { MAX_ROWS } from './unguarded-wall.ts';
import type { Wall } from './wall.ts';

const OPERATORS_SCHEMA = `n.nspname <> 'information_schema' AND n.nspname !~ '^pg_' AND has_schema_privilege(n.oid, 'USAGE')`;

/** Name, kind, readable columns, whether one of them is store_id, whether it is made of rows that have a store. */
const RELATIONS = `SELECT format('%I.%I', n.nspname, c.relname), c.relkind,
    (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) FROM pg_attribute a
      WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND has_column_privilege(c.oid, a.attnum, 'SELECT')),
    EXISTS (SELECT FROM pg_attribute a
      WHERE a.attrelid = c.oid AND a.attname = 'store_id' AND NOT a.attisdropped AND has_column_privilege(c.oid, a.attnum, 'SELECT')),
    EXISTS (SELECT FROM pg_rewrite w JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = w.oid
      JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attname = 'store_id'
      WHERE w.ev_class = c.oid AND d.refobjid <> c.oid)
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND ${OPERATORS_SCHEMA} AND has_any_column_privilege(c.oid, 'SELECT')
    AND (c.relkind = 'v' OR NOT ${OF_EXTENSION})
  ORDER BY 1`;

const SEQUENCES = `SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE ${OPERATORS_SCHEMA} AND CASE WHEN c.relkind = 'S' THEN has_sequence_privilege(c.oid, 'SELECT') END ORDER BY 1`;

/** SECURITY DEFINER functions that readers may call, and the types of their arguments. The verifiers are meant to be. */
const FUNCTIONS = `SELECT format('%I.%I', n.nspname, p.proname), ARRAY(SELECT format_type(t, NULL) FROM unnest(p.proargtypes) t)::text[]
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
  WHERE p.prosecdef AND p.prokind = 'f' AND p.prorettype <> 'trigger'::regtype AND ${OPERATORS_SCHEMA}
    AND has_function_privilege(p.oid, 'EXECUTE') AND (n.nspname, p.proname) NOT IN (('access', 'visible_stores'), ('access', 'sees_customer_pii')) ORDER BY 1, 2`;

const KINDS: Readonly<Record<string, readonly [kind: string, mend: (name: string) => string]>> = {
  v: [
    'view',
    (name) =>
      `ALTER VIEW ${name} SET (security_invoker = true, security_barrier = true), or REVOKE ALL ON ${name} FROM the reader and PUBLIC.`,
  ],
  m: [
    'materialized view',
    (name) =>
      `A materialized view keeps the rows that its owner saw, for everybody: REVOKE ALL ON ${name} FROM the reader and PUBLIC.`,
  ],
  f: ['foreign table', (name) => `REVOKE ALL ON ${name} FROM the reader and PUBLIC.`],
};
const TABLE = [
  'table',
  (name: string) =>
    `ALTER TABLE ${name} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY, OWNER TO aisle_owner, with a policy as in migrations/0004_row_security.sql; or REVOKE ALL ON ${name} FROM the reader and PUBLIC.`,
] as const;

/** Attacks on what the reader may reach in this very database beside Aisle's own tables: asked as the reader, of the catalogue. */
export async function discover(unguarded: Wall, canaries: Canaries): Promise<readonly Attack[]> {
  const ask = async (sql: string) => {
    const [answer] = await unguarded.send('own', [sql]);
    if (answer === undefined || answer.failure !== undefined) {
      throw new UnavailableError(
        `The catalogue of this database could not be read: ${answer?.bytes ?? 'no answer'}`,
      );
    }
    if (answer.rows.length >= MAX_ROWS) {
      throw new ConfigurationError(
        `The reader can reach more than ${MAX_ROWS} relations or functions, too many to try. Take away what it need not reach.`,
      );
    }
    return answer.rows;
  };
  const relations = (await ask(RELATIONS)).filter(([name]) => !GRANTED_TABLES.includes(String(name)));
  const sequences = await ask(SEQUENCES);
  const functions = await ask(FUNCTIONS);
  return attacks('what this database offers', '', [
    ...relations.map(([name, kind, columns, hasStore, madeOfStores]) =>
      relationAttack(
        String(name),
        String(kind),
        String(columns),
        hasStore === true,
        kind === 'v' || (kind === 'm' && madeOfStores !== true),
        canaries,
      ),
    ),
    ...sequences.map(([name]) => ({
      name: `sequence ${name}`,
      sql: `SELECT last_value FROM ${name}`,
      sign: 'success' as const,
      mend: `A sequence that all stores draw from tells how much they sell together: REVOKE ALL ON SEQUENCE ${name} FROM the reader and PUBLIC.`,
    })),
    ...functions.flatMap(([name, types]) =>
      functionAttacks(String(name), types as readonly string[], canaries),
    ),
  ]);
}

function relationAttack(
  name: string,
  relkind: string,
  columns: string,
  hasStore: boolean,
  mayBeShared: boolean,
  { own, other }: Canaries,
) {
  const [kind, mend] = KINDS[relkind] ?? TABLE;
  const tells = [other.tag, other.storeId, other.orderId, other.customerId]
    .map((text) => `strpos(concat_ws(' ', ${columns}), '${text}') > 0`)
    .join(' OR ');
  // Nobody said of any other table that all stores share it, and canaries are in Aisle's own tables alone.
  const others = mayBeShared ? `WHERE ${tells}` : '';
  const where = hasStore ? `WHERE store_id::text <> '${own.storeId}'` : others;
  return {
    name: `${kind} ${name}`,
    sql: `SELECT ${columns} FROM ${name} ${where} LIMIT 20`,
    sign: 'value' as const,
    mend: mend(name),
  };
}

/** Guesses at arguments that make a function show something, one after another. */
const GUESSES = 3;

function functionAttacks(name: string, types: readonly string[], { other }: Canaries) {
  const texts = [other.tag, '%', ''];
  const ids = [other.storeId, other.subject, other.customerId];
  const value = (type: string, guess: number): string => {
    if (/^(text|character|name|json)/.test(type))
      return `'${type.startsWith('json') ? '{}' : texts[guess]}'::${type}`;
    if (type === 'uuid') return `'${ids[guess]}'::uuid`;
    if (/int|numeric|real|double/.test(type)) return `${[1000, 1, 0][guess]}::${type}`;
    if (type === 'boolean') return 'true';
    return `NULL::${type}`;
  };
  const count = types.length === 0 ? 1 : GUESSES;
  return Array.from({ length: count }, (_, guess) => ({
    name: `definer function ${name}(${types.join(', ')})${count === 1 ? '' : `, guess ${guess + 1}`}`,
    sql: `SELECT ${name}(${types.map((type) => value(type, guess)).join(', ')})`,
    mend: `It runs with its owner's rights: REVOKE EXECUTE ON FUNCTION ${name}(${types.join(', ')}) FROM the reader and PUBLIC, or make it SECURITY INVOKER.`,
  }));
}
