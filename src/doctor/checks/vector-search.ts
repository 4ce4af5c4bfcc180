import { z } from 'zod';
import { SEARCH_PATH } from '../../data/tables.ts';
import { type Check, fail, listed, ok, rowsCheck, sqlName, warn } from '../check.ts';

const group = 'vector search';

const ITERATIVE: readonly [number, number] = [0, 8];
/** Of product_description_embeddings, each with an index of its own. */
const SLOTS = 2;

function isBefore(version: string, [major, minor]: readonly [number, number]): boolean {
  const [first = 0, second = 0] = version.split('.').map(Number);
  return first < major || (first === major && second < minor);
}

export const extension = rowsCheck({
  group,
  name: 'pgvector',
  query: `SELECT e.extversion AS version, n.nspname AS schema,
      EXISTS (SELECT FROM pg_available_extensions WHERE name = 'vector') AS "isAvailable"
    FROM (SELECT) one LEFT JOIN pg_extension e ON e.extname = 'vector' LEFT JOIN pg_namespace n ON n.oid = e.extnamespace`,
  row: z.object({ version: z.string().nullable(), schema: z.string().nullable(), isAvailable: z.boolean() }),
  judge([vector]) {
    const { version, schema } = vector ?? {};
    if (version == null || schema == null) {
      return vector?.isAvailable === true
        ? fail(
            'not in this database',
            'Run "aisle migrate", or as an administrator: CREATE EXTENSION vector SCHEMA extensions;',
          )
        : fail(
            'not on this server',
            'Install its package on the server (postgresql-15-pgvector), then run "aisle migrate".',
          );
    }
    if (!SEARCH_PATH.some((name) => name === schema)) {
      return fail(
        `${version} is in schema ${schema}, where no query looks for it`,
        'ALTER EXTENSION vector SET SCHEMA extensions;',
      );
    }
    const mend = 'Install a newer package of pgvector, then ALTER EXTENSION vector UPDATE;';
    if (isBefore(version, ITERATIVE))
      return fail(`${version} has no iterative scan, which searches and the settings of logins need`, mend);
    return ok(`${version} in schema ${schema}; iterative scan available`);
  },
});

export const index = rowsCheck({
  group,
  name: 'index',
  needs: 'migrated',
  query: `SELECT c.relname AS name, m.amname AS method, i.indisvalid AND i.indisready AS "isValid",
      EXISTS (SELECT FROM pg_stat_progress_create_index b WHERE b.index_relid = i.indexrelid) AS "isBeingBuilt"
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am m ON m.oid = c.relam
    WHERE i.indrelid = to_regclass('retail.product_description_embeddings') AND m.amname IN ('hnsw', 'ivfflat')
    ORDER BY m.amname, 1`,
  row: z.object({ name: z.string(), method: z.string(), isValid: z.boolean(), isBeingBuilt: z.boolean() }),
  judge(rows, { facts }) {
    if (facts.kind === 'embedded') return ok('none: what a laptop has is compared one by one');
    const hnsw = rows.filter(({ method }) => method === 'hnsw');
    const make =
      'CREATE INDEX CONCURRENTLY … ON retail.product_description_embeddings USING hnsw (description_embedding extensions.vector_cosine_ops) WITH (m = 16, ef_construction = 200) WHERE slot = 0; and once more for slot 1.';
    if (hnsw.length === 0) {
      return rows.length > 0
        ? warn(`${listed(rows.map(({ name }) => name))} is ivfflat, which finds less as rows are added`, make)
        : warn('no HNSW index: each search reads every description', make);
    }
    if (hnsw.length < SLOTS) {
      const [only] = hnsw.map(({ name }) => name);
      return warn(`${only} is the only one: searches in the other slot read every description`, make);
    }
    const beingBuilt = hnsw.filter(({ isValid, isBeingBuilt }) => !isValid && isBeingBuilt);
    const invalid = hnsw.filter((one) => !one.isValid && !beingBuilt.includes(one)).map(({ name }) => name);
    if (invalid.length === 0 && beingBuilt.length > 0) {
      return warn(
        `${listed(beingBuilt.map(({ name }) => name))} is being built: searches in its slot read every description`,
        'Wait until it is: pg_stat_progress_create_index tells how far it is.',
      );
    }
    return invalid.length > 0
      ? fail(
          `not valid, so not used: ${listed(invalid)}`,
          `REINDEX INDEX retail.${sqlName(invalid[0] ?? '')};`,
        )
      : ok(`${listed(hnsw.map(({ name }) => name))}, HNSW`);
  },
});

export const VECTOR_SEARCH: readonly Check[] = [extension, index];
