/** That PostgreSQL answers a search from its indexes, and compares exactly what a filter leaves few of: read off its plans. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases, type OpenedDatabase, type TestDatabase } from '../../../../test/harness/databases.ts';
import { loadTwoStores } from '../../../../test/harness/two-stores.ts';
import { vectorText } from '../../../kernel/embedding.ts';
import { at, loadPlantedProducts, PLANTED_MODEL, plantVectors } from '../testing/planted-catalogue.ts';
import type { Filters } from './filters.ts';
import { searchStatement } from './search-statement.ts';

const signal = new AbortController().signal;
const SET_ID = '00000009-0000-4000-8000-000000000001';

/** The embedded database has no index of vectors. */
const server = databases.find(({ name }) => name === 'postgres');

describe.skipIf(server === undefined)('the plan of a search on a server', () => {
  let opened: OpenedDatabase;

  beforeAll(async () => {
    opened = await (server as TestDatabase).open();
    await loadTwoStores(opened.database);
    await loadPlantedProducts(opened.database);
    await plantVectors(opened.database);
    await opened.database.asLoader(signal, async (session) => {
      await session.query('UPDATE retail.embedding_sets SET set_id = $1', [SET_ID]);
      await session.query(
        `INSERT INTO retail.products (sku, name, category_id, type_id, unit_price)
         SELECT 'P-' || n, 'Product ' || n, category_id, type_id, n
         FROM generate_series(1, 300) AS n, (SELECT category_id, type_id FROM retail.products LIMIT 1) AS one`,
      );
      await session.query(
        `INSERT INTO retail.product_description_embeddings (slot, product_id, fingerprint, description_embedding)
         SELECT 0, product_id, fingerprint, ('[' || cos(row_number() OVER ()) || ',' || sin(row_number() OVER ()) || repeat(',0', 1534) || ']')::vector
         FROM retail.product_search WHERE title LIKE 'product%'`,
      );
    });
  });
  afterAll(() => opened.close());

  const planOf = (filters: Filters, ways: { words?: string } = {}) =>
    opened.database.asLoader(signal, async (session) => {
      const meaning = {
        set: { slot: 0 as const, setId: SET_ID, model: PLANTED_MODEL },
        vector: vectorText(at(30)),
        least: 0,
      };
      const { text, values = [] } = searchStatement({ meaning, filters, maxRows: 20, ...ways });
      // So few products are read from end to end as fast: what is asked here is what the indexes can answer.
      await session.query('SET LOCAL jit = off');
      await session.query('SET LOCAL enable_seqscan = off');
      await session.query('SET LOCAL enable_sort = off');
      const rows = await session.query<{ 'QUERY PLAN': string }>(
        `EXPLAIN (ANALYZE, COSTS OFF) ${text}`,
        values,
      );
      return rows.map((row) => row['QUERY PLAN']).join('\n');
    });

  it('without a filter asks the index of the slot that serves, nearest first', async () => {
    const plan = await planOf({});
    expect(plan).toContain('Index Scan using idx_embeddings_vector_0 on product_description_embeddings e');
    expect(plan).not.toContain('Seq Scan on product_description_embeddings');
    // The index may be out of order.
    expect(plan).not.toContain('Presorted Key');
  });

  it('with a filter that leaves few compares those, and never asks the index', async () => {
    const plan = await planOf({ min_price: 10, max_price: 20 });
    expect(plan.match(/idx_embeddings_vector_0 .*/g)).toEqual([expect.stringContaining('(never executed)')]);
    expect(plan).toMatch(/CTE passing\n.*\(actual .* rows=1\d/);
    expect(plan).toMatch(/Index Scan (using|on) idx_products_price/);
  });

  it('finds the products of a type by their index', async () => {
    const plan = await planOf({ type: 'Pots' });
    expect(plan).toMatch(/Index Scan (using|on) idx_products_type/);
  });

  it('finds words by the index of documents', async () => {
    const plan = await planOf({}, { words: 'terracotta pot' });
    expect(plan).toContain('Bitmap Index Scan on idx_product_search_document');
  });
});
