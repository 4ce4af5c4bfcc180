import type { LoaderSession } from '../../data/database.ts';

/** The codes of lines that go in; needed only when some lines don't. */
const WANTED = `sku IN (
    SELECT l.sku FROM import_orders o
    JOIN import_places p ON p.store = o.store AND p.order_number = o.order_number
    JOIN import_fragments f ON f.first_line = p.first_line
    CROSS JOIN LATERAL unnest(f.skus::text[]) AS l (sku)
    WHERE o.fresh AND o.refusal IS NULL AND p.accepted
    UNION SELECT sku FROM import_differences WHERE NOT conflict)`;

/** The most frequent name and positive price of each code; of equals the one met first. */
const PRODUCTS = (wanted: string) => `
  INSERT INTO retail.products (sku, name, description, category_id, type_id, unit_price)
  SELECT sku, left(coalesce(name, sku), 200), CASE WHEN char_length(name) > 200 THEN name ELSE '' END,
    category_id, type_id, coalesce(price, 0)
  FROM (SELECT sku, min(first_line) AS first_line FROM import_facts WHERE ${wanted} GROUP BY sku) met
  LEFT JOIN (
    SELECT DISTINCT ON (sku) sku, name FROM import_facts WHERE name <> ''
    GROUP BY sku, name ORDER BY sku, sum(lines) DESC, min(first_line)
  ) names USING (sku)
  LEFT JOIN (
    SELECT DISTINCT ON (sku) sku, price FROM import_facts WHERE price > 0
    GROUP BY sku, price ORDER BY sku, sum(lines) DESC, min(first_line)
  ) prices USING (sku)
  CROSS JOIN (
    SELECT category_id, type_id FROM retail.categories c JOIN retail.product_types t USING (category_id)
    WHERE c.name = 'Uncategorised' AND t.name = 'Uncategorised'
  ) uncategorised
  WHERE NOT EXISTS (SELECT FROM retail.products p WHERE p.sku = met.sku)
  ORDER BY first_line`;

/** Makes the products and customers that are missing, and the list of product ids that the lines will point to. */
export async function settleCatalogue(session: LoaderSession, someLinesRefused: boolean): Promise<void> {
  await session.query(
    `INSERT INTO retail.categories (name) VALUES ('Uncategorised') ON CONFLICT (name) DO NOTHING`,
  );
  await session.query(`INSERT INTO retail.product_types (category_id, name)
    SELECT category_id, 'Uncategorised' FROM retail.categories WHERE name = 'Uncategorised'
    ON CONFLICT (category_id, name) DO NOTHING`);
  await session.query(PRODUCTS(someLinesRefused ? WANTED : 'true'));
  // The lock is the one that a foreign key's own check takes: nobody deletes what the lines are about to point to.
  await session.query(`CREATE TEMP TABLE import_products ON COMMIT DROP AS
    SELECT p.sku, p.product_id FROM retail.products p WHERE p.sku IN (SELECT sku FROM import_facts) FOR KEY SHARE OF p`);
  await session.query('ANALYZE import_products');
  await session.query(`INSERT INTO retail.customers (store_id, customer_number)
    SELECT DISTINCT store_id, customer_number FROM import_orders
    WHERE fresh AND refusal IS NULL AND customer_number IS NOT NULL
    ON CONFLICT (store_id, customer_number) DO NOTHING`);
}
