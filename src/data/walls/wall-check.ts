/** One thing that must hold before a model's SQL may run in a database. */
export interface WallCheck {
  readonly name: string;
  /** One row for each breach, its name in the only column. `$1`: the role that queries run as. Changes nothing. */
  readonly sql: string;
  readonly wrong: string;
  /** What an operator does about it. */
  readonly mend: string;
}

/** `n` is a schema that somebody made, not PostgreSQL. */
export const OWN_SCHEMA = `n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'`;

/** `c` was made by an extension and not by a person. */
export const OF_EXTENSION = `EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')`;

/**
 * The reader may read something of the relation `c`, by its name or through a view: a view reaches into schemas that its
 * reader can't name. What extensions grant to everybody in a schema out of reach is not counted.
 */
export const READABLE = `(has_schema_privilege($1::name, n.oid, 'USAGE') OR NOT ${OF_EXTENSION})
    AND (has_table_privilege($1::name, c.oid, 'SELECT') OR has_any_column_privilege($1::name, c.oid, 'SELECT'))`;

/** Relations as `c` in their schemas `n`. */
export const RELATIONS = `SELECT n.nspname || '.' || c.relname AS breach
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace`;

/** `c` is a table whose rows belong to stores, read by its name or through the view that masks it: what the checks of tenant tables are about. */
export const TENANT_TABLE = `n.nspname IN ('retail', 'private') AND c.relkind IN ('r', 'p')
    AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'store_id' AND NOT a.attisdropped)`;
