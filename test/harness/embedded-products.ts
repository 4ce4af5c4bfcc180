/** Products, and what is stored of their vectors. */
import type { Database, LoaderSession } from '../../src/data/database.ts';
import type { EmbeddingModel } from '../../src/kernel/embedding.ts';
import { fakeVector } from './fake-embedder.ts';

const { signal } = new AbortController();

export function onDatabase<Row extends object>(
  database: Database,
  text: string,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  return database.asLoader(signal, (session: LoaderSession) => session.query<Row>(text, values));
}

/** A catalogue of `count` products and no more, P-1 and so on, and no vectors. `words` go into each name. */
export async function onlyProducts(database: Database, count: number, words = 'thing'): Promise<void> {
  for (const table of ['embedding_sets', 'embedding_work', 'products', 'product_types', 'categories'])
    await onDatabase(database, `DELETE FROM retail.${table}`);
  await onDatabase(database, `INSERT INTO retail.categories (name) VALUES ('Tools'), ('Toys')`);
  await onDatabase(
    database,
    `INSERT INTO retail.product_types (category_id, name) SELECT category_id, 'Kinds of ' || name FROM retail.categories`,
  );
  await addProducts(database, 1, count, words);
}

/** P-`first` to P-`last`: the first is a tool, the others are toys. */
export async function addProducts(
  database: Database,
  first: number,
  last: number,
  words = 'thing',
): Promise<void> {
  await onDatabase(
    database,
    `INSERT INTO retail.products (sku, name, category_id, type_id, unit_price)
     SELECT 'P-' || n, $3 || ' ' || n, category_id, type_id, 1
     FROM generate_series($1::integer, $2::integer) n
       JOIN retail.categories c ON c.name = CASE n WHEN 1 THEN 'Tools' ELSE 'Toys' END
       JOIN retail.product_types USING (category_id)`,
    [first, last, words],
  );
}

export function textOf(n: number, words = 'thing'): string {
  const category = n === 1 ? 'Tools' : 'Toys';
  return `${words} ${n}\nKinds of ${category}, ${category}`;
}

interface StoredSet extends EmbeddingModel {
  readonly slot: number;
  readonly serves: boolean;
}

/** Each set by its slot: model, whether it serves, and how many vectors, refusals and products that are out of date there are. */
export async function storedSets(database: Database) {
  const sets = await onDatabase<StoredSet>(
    database,
    `SELECT slot, provider, model, version, dimensions, serves,
       count(description_embedding)::integer AS vectors, count(*) FILTER (WHERE e.slot IS NOT NULL AND description_embedding IS NULL)::integer AS refused
     FROM retail.embedding_sets LEFT JOIN retail.product_description_embeddings e USING (slot)
     GROUP BY slot ORDER BY slot`,
  );
  return sets.map(({ provider: _, version: __, dimensions: ___, ...set }) => set);
}

/** SKUs whose stored vector is missing, or not that of `model` for their words of now. */
export async function wrongVectors(
  database: Database,
  slot: number,
  model: EmbeddingModel,
): Promise<readonly string[]> {
  const rows = await onDatabase<{ sku: string; content: string; vector: string | null }>(
    database,
    `SELECT sku, content, description_embedding::text AS vector FROM retail.product_texts
       JOIN retail.product_description_embeddings USING (product_id) WHERE slot = $1`,
    [slot],
  );
  return rows.flatMap(({ sku, content, vector }) => {
    const numbers = (JSON.parse(vector ?? '[]') as number[]).map(Math.fround);
    const right = [...fakeVector(model, content)];
    const isRight = right.every((number, index) => numbers[index] === number);
    return isRight && numbers.slice(right.length).every((number) => number === 0) ? [] : [sku];
  });
}
