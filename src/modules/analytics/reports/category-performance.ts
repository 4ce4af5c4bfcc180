import { percent, percentChange } from '../decimal.ts';
import { SALES_SCOPE } from '../queries/sales-scope.ts';
import { amount, count, report, text } from './report.ts';

/** `place` ranks within a currency, so that a limit takes the best of each. */
const TEXT = `WITH ${SALES_SCOPE},
  sold AS (
    SELECT currency, p.category_id,
      coalesce(sum(i.line_total) FILTER (WHERE label = 'current'), 0) AS revenue,
      coalesce(sum(i.line_total) FILTER (WHERE label = 'previous'), 0) AS previous_revenue,
      coalesce(sum(i.quantity) FILTER (WHERE label = 'current'), 0)::bigint AS units
    FROM sale JOIN retail.order_items i USING (store_id, order_id) JOIN retail.products p USING (product_id)
    GROUP BY currency, p.category_id
    HAVING count(*) FILTER (WHERE label = 'current') > 0
  )
  SELECT row_number() OVER (PARTITION BY currency ORDER BY revenue DESC, name) AS place,
    name AS category, currency, revenue, sum(revenue) OVER (PARTITION BY currency) AS whole, units, previous_revenue
  FROM sold JOIN retail.categories USING (category_id)
  ORDER BY place, currency`;

export const categoryPerformance = report({
  text: TEXT,
  compares: true,
  shape: {
    place: count,
    category: text,
    currency: text,
    revenue: amount,
    whole: amount,
    units: count,
    previous_revenue: amount,
  },
  columns: {
    place: 'bigint',
    category: 'text',
    currency: 'text',
    revenue: 'numeric',
    share_pct: 'numeric',
    units: 'bigint',
    previous_revenue: 'numeric',
    change_pct: 'numeric',
  },
  row: (category) => ({
    ...category,
    share_pct: percent(category.revenue, category.whole),
    change_pct: percentChange(category.revenue, category.previous_revenue),
  }),
});
