import { z } from 'zod';
import type { Database, TenantSession } from '../../../data/database.ts';
import type { Clock } from '../../../kernel/clock.ts';
import { AuthorizationError } from '../../../kernel/errors.ts';
import { defineTool, READ_ONLY, type Tool } from '../../../kernel/tool.ts';
import { period } from '../outputs.ts';
import { type ComparedPeriods, NAMED_PERIODS, type Period, timePeriod } from '../period.ts';
import { bestSellers } from '../queries/best-sellers.ts';
import { explainEmptiness } from '../queries/order-dates.ts';
import { salesTotals } from '../queries/sales-totals.ts';
import { findStore, type StoreKey } from '../queries/stores.ts';
import { concentrationInsights, salesInsights } from '../sales-insights.ts';
import { changes, type Metrics, storeMetrics } from '../store-metrics.ts';

const TOP = 5;

/** `Metrics`, not spelt out: a model reads them in the answer, and would pay for them in every list of tools. */
const figures = z.record(z.string(), z.unknown());

interface Figures {
  readonly current: Metrics;
  readonly previous: Metrics | null;
}

async function measure(tenant: TenantSession, store: StoreKey, periods: ComparedPeriods): Promise<Figures> {
  const scope = { ...periods, storeId: store.store_id };
  const totals = await salesTotals(tenant, scope);
  const sellers = await bestSellers(tenant, scope, TOP);
  const of = (label: string): Metrics =>
    storeMetrics(
      totals.find((row) => row.label === label),
      sellers.filter((row) => row.label === label),
    );
  return { current: of('current'), previous: periods.previous && of('previous') };
}

async function sentences(
  tenant: TenantSession,
  store: StoreKey,
  span: Period,
  { current, previous }: Figures,
): Promise<string[]> {
  const said = [...salesInsights(store.currency, current, previous), ...concentrationInsights(current)];
  const isEmpty = current.orders === 0 && current.returns === 0;
  return isEmpty ? [await explainEmptiness(tenant, span, store.store_id), ...said] : said;
}

export function getStorePerformance(database: Pick<Database, 'withTenant'>, clock: Clock): Tool {
  return defineTool({
    name: 'get_store_performance',
    title: 'Store performance',
    description:
      'Key figures of one store and their change in % on the period before (cut alike while running): revenue net of returns, ' +
      'orders, returns, customers, top products and categories.',
    input: z.strictObject({
      store_id: z.string().describe('UUID or slug, e.g. seattle'),
      time_period: z.union([z.enum(NAMED_PERIODS), z.string()]).describe('Or 2011, 2011-Q4, 2011-11; UTC'),
    }),
    output: z.object({
      store_id: z.string(),
      currency: z.string(),
      period,
      metrics: figures,
      previous: figures.nullable(),
      change_pct: figures,
      insights: z.array(z.string()),
    }),
    permission: 'read:basic_reports',
    annotations: READ_ONLY,
    cache: { ttlSeconds: 60, staleSeconds: 600 },
    async run({ store_id, time_period }, context) {
      const periods = timePeriod(time_period, clock.now());
      return database.withTenant(context, async (tenant) => {
        const store = await findStore(tenant, store_id);
        // Someone else's store and no store at all are the same answer.
        if (store === undefined) throw new AuthorizationError('Access denied for store');
        const measured = await measure(tenant, store, periods);
        const { current, previous } = measured;
        const { insights, ...numbers } = {
          store_id: store.store_id,
          currency: store.currency,
          period: { ...periods.current },
          metrics: { ...current },
          previous: previous && { ...previous },
          change_pct: previous === null ? {} : { ...changes(current, previous) },
          insights: await sentences(tenant, store, periods.current, measured),
        };
        return {
          structured: { ...numbers, insights },
          text: `${insights.join('\n')}\n${JSON.stringify(numbers)}`,
        };
      });
    },
  });
}
