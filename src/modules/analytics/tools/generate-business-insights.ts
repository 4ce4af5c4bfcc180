import { z } from 'zod';
import type { Database } from '../../../data/database.ts';
import type { Clock } from '../../../kernel/clock.ts';
import { defineTool, READ_ONLY, type Tool } from '../../../kernel/tool.ts';
import { customerSegmentation } from '../business-insights/customer-segmentation.ts';
import type { Analysis } from '../business-insights/kind.ts';
import { productPerformance } from '../business-insights/product-performance.ts';
import { seasonalTrends } from '../business-insights/seasonal-trends.ts';
import { summary } from '../business-insights/summary.ts';
import { period, table } from '../outputs.ts';
import { lastDays } from '../period.ts';
import { explainEmptiness } from '../queries/order-dates.ts';

const KINDS = ['summary', 'customer_segmentation', 'product_performance', 'seasonal_trends'] as const;

const ANALYSES: Readonly<Record<(typeof KINDS)[number], Analysis>> = {
  summary,
  customer_segmentation: customerSegmentation,
  product_performance: productPerformance,
  seasonal_trends: seasonalTrends,
};

export function generateBusinessInsights(database: Pick<Database, 'withTenant'>, clock: Clock): Tool {
  return defineTool({
    name: 'generate_business_insights',
    title: 'Business insights',
    description:
      'Computed findings over your stores, per currency: key figures and their change, RFM segments, ABC classes and slow movers, ' +
      'seasonal index of all history with monthly growth.',
    input: z.strictObject({
      kind: z.enum(KINDS).describe('What to look into'),
      days: z.int().min(1).max(365).default(30).describe('Back from today, UTC'),
    }),
    output: z.object({
      kind: z.string(),
      period,
      insights: z.array(z.string()),
      tables: z.record(z.string(), table),
    }),
    permission: 'read:reports',
    annotations: READ_ONLY,
    cost: 3,
    cache: { ttlSeconds: 60, staleSeconds: 600 },
    async run({ kind, days }, context) {
      const now = clock.now();
      const periods = lastDays(days, now);
      return database.withTenant(context, async (tenant) => {
        const found = await ANALYSES[kind](tenant, { periods, days, now });
        const insights = found?.insights ?? [await explainEmptiness(tenant, periods.current)];
        const tables = { ...found?.tables };
        return {
          structured: { kind, period: { ...periods.current }, insights: [...insights], tables },
          text: `${periods.current.start} to ${periods.current.end}\n${insights.join('\n')}\n${JSON.stringify(tables)}`,
        };
      });
    },
  });
}
