import type { Database } from '../../src/data/database.ts';
import type { RequestContext } from '../../src/kernel/request-context.ts';

/** A way to find products. */
export interface Searcher {
  readonly name: string;
  /** SKUs, best first, `rows` at most. */
  search(query: string, rows: number): Promise<readonly string[]>;
}

type Door = Pick<Database, 'withTenant'>;

const ESCAPED = (words: string) => `'%' || regexp_replace(${words}, '([\\\\%_])', '\\\\\\1', 'g') || '%'`;
const TEXT = `concat_ws(' ', p.sku, p.name, t.name, c.name, p.description)`;
const PRODUCTS = `retail.products p JOIN retail.product_types t ON t.type_id = p.type_id
  JOIN retail.categories c ON c.category_id = p.category_id`;

/** What many a shop has: the query as it was typed, somewhere in the product's words; those with it in their name first. */
export function substring(database: Door, context: RequestContext): Searcher {
  return bySql(
    'ILIKE, the whole query',
    `SELECT p.sku FROM ${PRODUCTS} WHERE ${TEXT} ILIKE ${ESCAPED('$1::text')}
     ORDER BY p.name ILIKE ${ESCAPED('$1::text')} DESC, p.sku LIMIT $2::integer`,
    database,
    context,
  );
}

/** Any word of the query, those with most of them first. */
export function anyWord(database: Door, context: RequestContext): Searcher {
  return bySql(
    'ILIKE, any word of it',
    `SELECT p.sku FROM ${PRODUCTS} JOIN regexp_split_to_table(lower(btrim($1::text)), '\\s+') AS word ON ${TEXT} ILIKE ${ESCAPED('word')}
     GROUP BY p.sku, p.name
     ORDER BY count(DISTINCT word) DESC, count(DISTINCT word) FILTER (WHERE p.name ILIKE ${ESCAPED('word')}) DESC, p.sku
     LIMIT $2::integer`,
    database,
    context,
  );
}

function bySql(name: string, text: string, database: Door, context: RequestContext): Searcher {
  return {
    name,
    async search(query, rows) {
      const found = await database.withTenant(context, (tenant) =>
        tenant.query({ text, values: [query, rows] }),
      );
      return found.rows.map(([sku]) => String(sku));
    },
  };
}
