import type { LoaderSession } from '../../data/database.ts';

/** The most frequent name of each code; of equals the one met first. */
const NAMES = (facts: string) => `SELECT DISTINCT ON (sku) sku, name FROM ${facts} WHERE name <> ''
  GROUP BY sku, name ORDER BY sku, sum(lines) DESC, min(first_line)`;

/** The most frequent positive price. */
const PRICES = (facts: string) => `SELECT DISTINCT ON (sku) sku, price FROM ${facts} WHERE price > 0
  GROUP BY sku, price ORDER BY sku, sum(lines) DESC, min(first_line)`;

/** A name that is too long for one stands in the description in full. */
const SHOWN = (name: string) =>
  `left(${name}, 200) AS name, CASE WHEN char_length(${name}) > 200 THEN ${name} ELSE '' END AS description`;

/** The lock is the one that a foreign key's own check takes: nobody deletes what the lines are about to point to. */
const FOUND = `INSERT INTO import_products
  SELECT p.sku, p.product_id, false FROM retail.products p
  WHERE p.sku IN (SELECT sku FROM import_new_facts)
    AND NOT EXISTS (SELECT FROM import_products i WHERE i.sku = p.sku)
  FOR KEY SHARE OF p`;

const MADE = `WITH made AS (
    INSERT INTO retail.products (sku, name, description, category_id, type_id, unit_price)
    SELECT sku, ${SHOWN('coalesce(names.name, sku)')}, category_id, type_id, coalesce(price, 0)
    FROM (SELECT sku, min(first_line) AS first_line FROM import_new_facts GROUP BY sku) met
    LEFT JOIN (${NAMES('import_new_facts')}) names USING (sku)
    LEFT JOIN (${PRICES('import_new_facts')}) prices USING (sku)
    CROSS JOIN (
      SELECT category_id, type_id FROM retail.categories c JOIN retail.product_types t USING (category_id)
      WHERE c.name = 'Uncategorised' AND t.name = 'Uncategorised'
    ) uncategorised
    WHERE NOT EXISTS (SELECT FROM import_products i WHERE i.sku = met.sku)
    ORDER BY first_line
    RETURNING sku, product_id
  )
  INSERT INTO import_products SELECT sku, product_id, true FROM made`;

/** What the whole file says may differ from what the segment said in which the code was met. */
const FINAL = `UPDATE retail.products p
  SET name = final.name, description = final.description, unit_price = final.price
  FROM (
    SELECT i.product_id, ${SHOWN('coalesce(names.name, i.sku)')}, coalesce(price, 0) AS price
    FROM import_products i
    LEFT JOIN (${NAMES('import_facts')}) names USING (sku)
    LEFT JOIN (${PRICES('import_facts')}) prices USING (sku)
    WHERE i.made
  ) final
  WHERE p.product_id = final.product_id
    AND (p.name, p.description, p.unit_price) IS DISTINCT FROM (final.name, final.description, final.price)`;

/** Codes that were met only in lines that were refused in the end. */
const UNUSED = `DELETE FROM retail.products p USING import_products i
  WHERE i.made AND p.product_id = i.product_id
    AND NOT EXISTS (SELECT FROM retail.order_items l WHERE l.product_id = p.product_id)`;

export async function prepareCategory(session: LoaderSession): Promise<void> {
  await session.query(
    `INSERT INTO retail.categories (name) VALUES ('Uncategorised') ON CONFLICT (name) DO NOTHING`,
  );
  await session.query(`INSERT INTO retail.product_types (category_id, name)
    SELECT category_id, 'Uncategorised' FROM retail.categories WHERE name = 'Uncategorised'
    ON CONFLICT (category_id, name) DO NOTHING`);
}

/** Finds or makes the products of `import_new_facts`; products that were there stay as they are. */
export async function storeProducts(session: LoaderSession): Promise<void> {
  await session.query('ANALYZE import_new_facts');
  await session.query(FOUND);
  await session.query(MADE);
  await session.query('ANALYZE import_products');
  await session.query('INSERT INTO import_facts SELECT * FROM import_new_facts');
}

/** Gives the new products their final names and prices; takes away those that no line needs. */
export async function finishProducts(session: LoaderSession, someRefused: boolean): Promise<void> {
  await session.query('ANALYZE import_facts');
  await session.query(FINAL);
  if (someRefused) await session.query(UNUSED);
}
