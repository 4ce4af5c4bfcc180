/** What judging a query costs: parsed anew, and from the cache. CPU of this process per check. */
import { READABLE_TABLES } from '../src/data/tables.ts';
import { createGuard } from '../src/sql/guard.ts';
import type { Figures } from './report.ts';

/** About 1 kB of honest analytics; `n` makes each text another one. */
function kilobyteQuery(n: number): string {
  return `WITH monthly AS (
      SELECT s.slug, date_trunc('month', o.order_date) AS month, sum(o.total_amount) AS revenue, count(*) AS orders,
        count(DISTINCT o.customer_id) FILTER (WHERE o.status <> 'returned') AS customers
      FROM retail.orders o JOIN retail.stores s USING (store_id)
      WHERE o.order_date >= timestamptz '2024-01-01' + ${n} * interval '1 day' AND o.status NOT IN ('cancelled', 'pending')
      GROUP BY 1, 2
    ), ranked AS (
      SELECT *, rank() OVER (PARTITION BY month ORDER BY revenue DESC) AS place,
        revenue / NULLIF(lag(revenue) OVER (PARTITION BY slug ORDER BY month), 0) - 1 AS growth
      FROM monthly
    )
    SELECT slug, to_char(month, 'YYYY-MM') AS month, round(revenue, 2) AS revenue, orders, customers, place,
      round(100 * growth, 1) AS growth_pct, percentile_cont(0.5) WITHIN GROUP (ORDER BY revenue) AS median
    FROM ranked WHERE place <= 3 AND revenue > (SELECT avg(revenue) FROM monthly)
    GROUP BY slug, month, revenue, orders, customers, place, growth ORDER BY month DESC, place LIMIT 50`;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/** Microseconds of CPU for each of `texts`. */
function perCheck(check: (sql: string) => unknown, texts: readonly string[]): number[] {
  return texts.map((text) => {
    const began = process.cpuUsage();
    check(text);
    const { user, system } = process.cpuUsage(began);
    return user + system;
  });
}

export async function guardCost(): Promise<Readonly<Record<string, Figures>>> {
  const guard = await createGuard({ relations: new Set(READABLE_TABLES), searchPath: ['retail'] });
  const texts = Array.from({ length: 3000 }, (_, n) => kilobyteQuery(n));
  if (!guard.check(texts[0] ?? '').ok) throw new RangeError('the guard refuses the honest query');
  perCheck(guard.check, texts.slice(0, 1000)); // warm-up
  const fresh = perCheck(guard.check, texts.slice(1000));
  const known = texts.at(-1) ?? '';
  const rounds = 200_000;
  const began = process.cpuUsage();
  for (let round = 0; round < rounds; round += 1) guard.check(known);
  const { user, system } = process.cpuUsage(began);
  return {
    'parsed anew': { bytes: known.length, 'median µs': median(fresh), 'slowest µs': Math.max(...fresh) },
    'from the cache': {
      bytes: known.length,
      'median µs': Math.round(((user + system) / rounds) * 1000) / 1000,
    },
  };
}
