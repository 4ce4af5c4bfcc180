/**
 * What judging a query costs: parsed anew, part by part, and from the cache. CPU of this process per check; the fastest of
 * many batches too, because on a busy machine neighbours in the caches double the median.
 */
import { PerformanceObserver } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import { READABLE_TABLES } from '../src/data/tables.ts';
import { checkText, DEFAULT_BOUNDS } from '../src/sql/bounds.ts';
import { createGuard } from '../src/sql/guard.ts';
import { createParser } from '../src/sql/parser.ts';
import { type Figures, median } from './report.ts';

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

const BATCHES = 80;
const BATCH = 40;

/** Microseconds of CPU for one call, of the batches' means; warmed up before. */
function cost(call: (n: number) => unknown): Figures {
  for (let n = 0; n < 3000; n += 1) call(n);
  const means = Array.from({ length: BATCHES }, (_, batch) => {
    const began = process.cpuUsage();
    for (let n = 0; n < BATCH; n += 1) call(3000 + batch * BATCH + n);
    const { user, system } = process.cpuUsage(began);
    return (user + system) / BATCH;
  });
  return { 'fastest µs': round(Math.min(...means)), 'median µs': round(median(means)) };
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

/** Percent of the time of `work` that went into collecting garbage. */
async function shareOfGarbage(work: () => void): Promise<number> {
  let collecting = 0;
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) collecting += duration;
  });
  observer.observe({ entryTypes: ['gc'] });
  const began = performance.now();
  work();
  const took = performance.now() - began;
  await setTimeout(50); // entries arrive after the work
  observer.disconnect();
  return round((100 * collecting) / took);
}

export async function guardCost(): Promise<Readonly<Record<string, Figures>>> {
  const guard = await createGuard({ relations: new Set(READABLE_TABLES), searchPath: ['retail'] });
  const parser = await createParser();
  const known = kilobyteQuery(1_000_000);
  if (!guard.check(known).ok) throw new RangeError('the guard refuses the honest query');
  const tree = JSON.stringify(parser.parse(known));
  const garbage: number[] = [];
  for (let turn = 0; turn < 9; turn += 1) {
    const from = 2_000_000 + turn * 2000;
    garbage.push(
      await shareOfGarbage(() => {
        for (let n = 0; n < 2000; n += 1) guard.check(kilobyteQuery(from + n));
      }),
    );
  }
  return {
    'parsed anew': {
      bytes: known.length,
      ...cost((n) => guard.check(kilobyteQuery(n))),
      'median GC %': median(garbage),
    },
    'of it the scan': cost((n) => checkText(kilobyteQuery(n), DEFAULT_BOUNDS)),
    'of it the parser, with JSON.parse': cost((n) => parser.parse(kilobyteQuery(n))),
    'of that JSON.parse': { bytes: tree.length, ...cost(() => JSON.parse(tree)) },
    // A text that has just come off the wire: its hash must be computed, its characters compared.
    'from the cache': { bytes: known.length, ...cached(guard.check, known) },
    'fingerprint, first time': cost((n) => parser.fingerprint(kilobyteQuery(n))),
  };
}

function cached(check: (sql: string) => unknown, known: string): Figures {
  check(known);
  const bytes = Buffer.from(known);
  const withText = cost(() => check(bytes.toString()));
  const text = cost(() => bytes.toString());
  return {
    'fastest µs': round(Number(withText['fastest µs']) - Number(text['fastest µs'])),
    'median µs': round(Number(withText['median µs']) - Number(text['median µs'])),
  };
}
