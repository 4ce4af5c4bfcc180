import { z } from 'zod';

/**
 * What a list tells of a product `p` with its type `t` and category `c`. Stock is that of the caller's stores together: row security
 * shows no others.
 */
export const PRODUCT_COLUMNS = `p.product_id, p.sku, p.name, c.name AS category, t.name AS type, p.description, p.unit_price::text AS price,
    (SELECT coalesce(sum(i.stock_level), 0)::integer FROM retail.inventory i WHERE i.product_id = p.product_id) AS stock,
    (SELECT CASE WHEN min(currency) = max(currency) THEN min(currency) END FROM retail.stores) AS currency`;

/** Where `t` and `c` come from. */
export const KIND_OF_PRODUCT = `JOIN retail.product_types t ON t.type_id = p.type_id
    JOIN retail.categories c ON c.category_id = p.category_id`;

/** A SKU as it is compared, of an SQL expression: without capitals, blanks and hyphens, as `retail.product_search.code` is. */
export const codeOf = (text: string): string => `upper(regexp_replace(${text}, '[^[:alnum:]]', '', 'g'))`;

export const productShape = {
  sku: z.string(),
  name: z.string(),
  category: z.string(),
  type: z.string(),
  description: z.string(),
  price: z.string(),
  currency: z.string().nullable(),
  stock: z.number(),
};

export type Product = z.output<z.ZodObject<typeof productShape>>;
