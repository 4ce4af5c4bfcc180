import { z } from 'zod';
import { TENANT_TABLES_FOUND } from '../../data/tenant-tables.ts';
import { type Check, listed, ok, rowsCheck, warn } from '../check.ts';

const group = 'indexes';

const PAIRS = z.object({ table: z.string(), name: z.string() });
const pairs = (rows: readonly z.output<typeof PAIRS>[]) =>
  listed(rows.map(({ table, name }) => `${table} (${name})`));

export const tablesWithoutIndex = rowsCheck({
  group,
  name: 'led by store_id',
  needs: 'tenants',
  query: `SELECT t.name FROM (${TENANT_TABLES_FOUND}) t
    WHERE NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = t.oid AND i.indisvalid AND i.indkey[0] = t.store)
    ORDER BY 1`,
  row: z.object({ name: z.string() }),
  judge: (rows) =>
    rows.length === 0
      ? ok('every table of tenants has one')
      : warn(
          `none on ${listed(rows.map(({ name }) => name))}: each query reads every store's rows and throws them away`,
          rows.map(({ name }) => `CREATE INDEX ON ${name} (store_id);`).join(' '),
        ),
});

export const foreignKeyIndexes = rowsCheck({
  group,
  name: 'foreign keys',
  needs: 'tenants',
  query: `SELECT f.name AS table, k.conname::text AS name FROM (${TENANT_TABLES_FOUND}) f
    JOIN pg_constraint k ON k.conrelid = f.oid AND k.contype = 'f'
    JOIN (${TENANT_TABLES_FOUND}) t ON t.oid = k.confrelid
    WHERE NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = f.oid AND i.indisvalid
      AND (i.indkey::int2[])[0:cardinality(k.conkey) - 1] @> k.conkey) ORDER BY 1, 2`,
  row: PAIRS,
  judge: (rows) =>
    rows.length === 0
      ? ok('every foreign key between tables of tenants has one')
      : warn(
          `none for ${pairs(rows)}: joins along it read whole tables`,
          'CREATE INDEX on the columns of the key, in its order.',
        ),
});

export const validity = rowsCheck({
  group,
  name: 'validity',
  needs: 'migrated',
  query: `SELECT i.indrelid::regclass::text AS table, i.indexrelid::regclass::text AS name
    FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname IN ('retail', 'private', 'access', 'audit') AND NOT (i.indisvalid AND i.indisready)
    UNION ALL SELECT k.conrelid::regclass::text, k.conname FROM pg_constraint k
    JOIN pg_namespace n ON n.oid = k.connamespace WHERE n.nspname IN ('retail', 'private', 'access', 'audit') AND NOT k.convalidated
    ORDER BY 1, 2`,
  row: PAIRS,
  judge: (rows) =>
    rows.length === 0
      ? ok('all indexes and constraints are valid')
      : warn(
          `not valid, so not used or not relied on: ${pairs(rows)}`,
          'REINDEX INDEX …, or ALTER TABLE … VALIDATE CONSTRAINT ….',
        ),
});

export const INDEXES: readonly Check[] = [tablesWithoutIndex, foreignKeyIndexes, validity];
