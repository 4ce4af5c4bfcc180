import { z } from 'zod';
import type { TenantSession } from '../../../data/database.ts';
import { decodeRows } from '../../../data/decode-rows.ts';
import { READABLE_TABLES, storedTable } from '../../../data/tables.ts';

interface ColumnStructure {
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
  readonly comment: string | null;
  /** The values that a CHECK constraint allows, when it lists them. */
  readonly allowed: readonly string[];
}

export interface ForeignKey {
  readonly columns: readonly string[];
  readonly table: string;
  readonly references: readonly string[];
}

/** What a table is made of: the same for every caller. */
export interface TableStructure {
  readonly name: string;
  readonly comment: string | null;
  readonly columns: readonly ColumnStructure[];
  readonly primaryKey: readonly string[];
  readonly unique: readonly (readonly string[])[];
  readonly foreignKeys: readonly ForeignKey[];
}

const columnShape = {
  table_name: z.string(),
  table_comment: z.string().nullable(),
  column_name: z.string(),
  type: z.string(),
  nullable: z.boolean(),
  comment: z.string().nullable(),
  checks: z.array(z.string()),
};

/**
 * Own SQL on the catalogue, which model SQL may not read; only the tables that are readable anyway. A view that masks has
 * neither keys nor comments: those of the table behind it count.
 */
const COLUMNS = `
  SELECT wanted.name AS table_name, obj_description(c.oid, 'pg_class') AS table_comment, a.attname::text AS column_name,
    replace(replace(format_type(a.atttypid, a.atttypmod), 'extensions.', ''), 'timestamp with time zone', 'timestamptz') AS type, NOT a.attnotnull AS nullable,
    col_description(c.oid, a.attnum) AS comment,
    ARRAY(SELECT pg_get_constraintdef(k.oid) FROM pg_constraint k
      WHERE k.conrelid = c.oid AND k.contype = 'c' AND k.conkey = ARRAY[a.attnum] ORDER BY k.conname) AS checks
  FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS wanted(name, stored, place)
  JOIN pg_class c ON c.relname = split_part(wanted.stored, '.', 2)
  JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = split_part(wanted.stored, '.', 1)
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  ORDER BY wanted.place, a.attnum`;

const keyShape = {
  table_name: z.string(),
  kind: z.enum(['p', 'u', 'f']),
  columns: z.array(z.string()),
  target: z.string().nullable(),
  target_columns: z.array(z.string()),
};

const KEYS = `
  WITH wanted(name, stored) AS (SELECT * FROM unnest($1::text[], $2::text[]))
  SELECT wanted.name AS table_name, k.contype::text AS kind,
    ARRAY(SELECT a.attname::text FROM unnest(k.conkey) WITH ORDINALITY AS u(attnum, place)
      JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.attnum ORDER BY place) AS columns,
    (SELECT w.name FROM wanted w WHERE w.stored = tn.nspname || '.' || t.relname) AS target,
    ARRAY(SELECT a.attname::text FROM unnest(k.confkey) WITH ORDINALITY AS u(attnum, place)
      JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.attnum ORDER BY place) AS target_columns
  FROM pg_constraint k
  JOIN pg_class c ON c.oid = k.conrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN wanted ON wanted.stored = n.nspname || '.' || c.relname
  LEFT JOIN pg_class t ON t.oid = k.confrelid
  LEFT JOIN pg_namespace tn ON tn.oid = t.relnamespace
  WHERE k.contype IN ('p', 'u', 'f')
  ORDER BY 1, k.contype, k.conname`;

/** The list in `CHECK ((status = ANY (ARRAY['a'::text, 'b'::text])))`, as PostgreSQL prints `status IN ('a', 'b')`. */
export function listedValues(checks: readonly string[]): string[] {
  for (const check of checks) {
    const list = /^CHECK \(\(\w+ = ANY \(ARRAY\[(.+)\]\)\)\)$/.exec(check)?.[1];
    if (list !== undefined)
      return [...list.matchAll(/'((?:[^']|'')*)'::text/g)].map(([, value = '']) =>
        value.replaceAll("''", "'"),
      );
  }
  return [];
}

/** Every readable table, in the order of the list. */
export async function tableStructures(tenant: TenantSession): Promise<TableStructure[]> {
  const values = [READABLE_TABLES, READABLE_TABLES.map(storedTable)];
  const columns = decodeRows(await tenant.query({ text: COLUMNS, values }), columnShape);
  const keys = decodeRows(await tenant.query({ text: KEYS, values }), keyShape);
  return [...Map.groupBy(columns, (column) => column.table_name)].map(([name, ofTable]) => {
    const keysOf = (kind: string) => keys.filter((key) => key.table_name === name && key.kind === kind);
    return {
      name,
      comment: ofTable[0]?.table_comment ?? null,
      columns: ofTable.map((column) => ({
        name: column.column_name,
        type: column.type,
        nullable: column.nullable,
        comment: column.comment,
        allowed: listedValues(column.checks),
      })),
      primaryKey: keysOf('p')[0]?.columns ?? [],
      unique: keysOf('u').map((key) => key.columns),
      foreignKeys: keysOf('f').map((key) => ({
        columns: key.columns,
        table: key.target ?? '',
        references: key.target_columns,
      })),
    };
  });
}
