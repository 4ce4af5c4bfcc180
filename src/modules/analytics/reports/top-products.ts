import { percent } from '../decimal.ts';
import { SALES_SCOPE } from '../queries/sales-scope.ts';
import { amount, count, report, text } from './report.ts';

/** `place` ranks within a currency, so that a limit takes the best of each. */
const TEXT = `WITH ${SALES_SCOPE},
  sold AS (
    SELECT currency, i.product_id, sum(i.quantity)::bigint AS units, sum(i.line_total) AS revenue
    FROM sale JOIN retail.order_items i USING (store_id, order_id)
    GROUP BY currency, i.product_id
  )
  SELECT row_number() OVER (PARTITION BY currency ORDER BY revenue DESC, sku) AS place,
    p.sku, p.name, c.name AS category, currency, revenue,
    sum(revenue) OVER (PARTITION BY currency) AS whole, units
  FROM sold JOIN retail.products p USING (product_id) JOIN retail.categories c USING (category_id)
  ORDER BY place, currency`;

export const topProducts = report({
  text: TEXT,
  shape: {
    place: count,
    sku: text,
    name: text,
    category: text,
    currency: text,
    revenue: amount,
    whole: amount,
    units: count,
  },
  columns: {
    place: 'bigint',
    sku: 'text',
    name: 'text',
    category: 'text',
    currency: 'text',
    revenue: 'numeric',
    share_pct: 'numeric',
    units: 'bigint',
  },
  row: (product) => ({ ...product, share_pct: percent(product.revenue, product.whole) }),
});
