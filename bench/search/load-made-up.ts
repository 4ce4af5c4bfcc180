import { Buffer } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { Database } from '../../src/data/database.ts';
import { EMBEDDING_WIDTH, type Embedding, type EmbeddingModel } from '../../src/kernel/embedding.ts';
import { loadTwoStores, NORTH } from '../../test/harness/two-stores.ts';
import { type MadeUpCatalogue, TYPES } from './made-up-catalogue.ts';

export const MADE_UP_MODEL: EmbeddingModel = {
  provider: 'local',
  model: 'made up',
  version: '1',
  dimensions: EMBEDDING_WIDTH,
};
export const SET_ID = randomUUID();
const ZERO_ID = Buffer.alloc(16);

export const typeName = (type: number): string => `Type ${type}`;
export const DEPARTMENTS = 10;
export const departmentName = (type: number): string => `Department ${type % DEPARTMENTS}`;

/** Products with prices from 1 to 1000 that tell nothing about their vectors, six of ten in stock, and their vectors without an index. */
export async function loadMadeUp(
  database: Database,
  admin: Client,
  catalogue: MadeUpCatalogue,
  count: number,
): Promise<void> {
  await loadTwoStores(database);
  await admin.query(`
    INSERT INTO retail.categories (name) SELECT 'Department ' || n FROM generate_series(0, ${DEPARTMENTS - 1}) n;
    INSERT INTO retail.product_types (category_id, name) SELECT category_id, 'Type ' || n
      FROM generate_series(0, ${TYPES - 1}) n JOIN retail.categories c ON c.name = 'Department ' || n % ${DEPARTMENTS};
    INSERT INTO retail.embedding_sets (slot, set_id, provider, model, version, dimensions, serves)
      VALUES (0, '${SET_ID}', 'local', 'made up', '1', ${EMBEDDING_WIDTH}, true);
    DROP INDEX retail.idx_embeddings_vector_0`);
  const { rows } = await admin.query<{ name: string; type_id: string; category_id: string }>(
    'SELECT name, type_id, category_id FROM retail.product_types',
  );
  const types = new Map(rows.map((row) => [row.name, row]));
  const ids: Buffer[] = [];
  function* products() {
    for (const { type, words } of catalogue.products(count)) {
      const id = randomUUID();
      const of = types.get(typeName(type));
      ids.push(Buffer.from(id.replaceAll('-', ''), 'hex'));
      const price = 1 + ((ids.length * 7919) % 99_901) / 100;
      const row = [id, `M-${ids.length}`, words.join(' '), of?.category_id, of?.type_id, price];
      yield `${row.join('\t')}\n`;
    }
  }
  await pipeline(
    Readable.from(products()),
    admin.query(
      copyFrom('COPY retail.products (product_id, sku, name, category_id, type_id, unit_price) FROM STDIN'),
    ),
  );
  await pipeline(
    Readable.from(binaryCopy(catalogue.products(count), ids)),
    admin.query(
      copyFrom(
        'COPY retail.product_description_embeddings (slot, product_id, description_embedding, fingerprint) FROM STDIN (FORMAT binary)',
      ),
    ),
  );
  await admin.query(
    `INSERT INTO retail.inventory (store_id, product_id, stock_level)
     SELECT $1, product_id, CASE WHEN hashtext(sku) % 10 BETWEEN -6 AND 6 THEN 5 ELSE 0 END FROM retail.products WHERE sku LIKE 'M-%'`,
    [NORTH.storeId],
  );
  await admin.query('VACUUM ANALYZE');
}

/** PostgreSQL's own format: vectors as text take minutes. Each value after its length in bytes. */
function* binaryCopy(products: Iterable<{ readonly vector: Embedding }>, ids: readonly Buffer[]) {
  yield Buffer.concat([Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'), Buffer.alloc(8)]);
  let n = 0;
  for (const { vector } of products) {
    const value = Buffer.alloc(4 + 4 * vector.length);
    value.writeInt16BE(vector.length, 0);
    for (const [axis, number] of vector.entries()) value.writeFloatBE(number, 4 + 4 * axis);
    const slot = Buffer.alloc(2);
    yield Buffer.concat([
      Buffer.from([0, 4]),
      ...[slot, ids[n] ?? ZERO_ID, value, ZERO_ID].flatMap((field) => [lengthOf(field), field]),
    ]);
    n += 1;
  }
  yield Buffer.from([0xff, 0xff]);
}

function lengthOf(field: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(field.length);
  return length;
}
