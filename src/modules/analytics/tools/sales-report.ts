import { z } from 'zod';
import type { Database } from '../../../data/database.ts';
import type { Clock } from '../../../kernel/clock.ts';
import { demand } from '../../../kernel/demand.ts';
import { defineTool, READ_ONLY, type Tool } from '../../../kernel/tool.ts';
import { formatRows } from '../formats.ts';
import { period, tabular, tabularOutput } from '../outputs.ts';
import { type ComparedPeriods, dateRange, isCalendarDate, lastDays } from '../period.ts';
import { explainEmptiness } from '../queries/order-dates.ts';
import { scopeValues } from '../queries/sales-scope.ts';
import { REPORTS, TEMPLATES } from '../reports/index.ts';

const DEFAULT_DAYS = 30;
const day = z.string().refine(isCalendarDate, 'must be a date like 2011-11-30');

const input = z
  .strictObject({
    template: z.enum(TEMPLATES).describe('Which report'),
    days: z.int().min(1).max(3660).optional().describe(`Back from today; default ${DEFAULT_DAYS}`),
    start: day.optional().describe('First day, YYYY-MM-DD; instead of days'),
    end: day.optional().describe('Last day, included'),
    limit: z.int().min(1).max(1000).default(20).describe('Rows at most'),
  })
  .refine(({ start, end }) => (start === undefined) === (end === undefined), 'start and end go together')
  .refine(
    ({ days, start }) => days === undefined || start === undefined,
    'give days or start and end, not both',
  );

function periodsOf({ days, start, end }: z.output<typeof input>, now: number): ComparedPeriods {
  return start === undefined || end === undefined
    ? lastDays(days ?? DEFAULT_DAYS, now)
    : dateRange(start, end, now);
}

export function salesReport(database: Pick<Database, 'withTenant'>, clock: Clock): Tool {
  return defineTool({
    name: 'sales_report',
    title: 'Sales report',
    description:
      'Ready-made report over your stores, per currency, best or newest first. category_performance compares with the period before; ' +
      'sales_trends shows growth by day, week or month.',
    input,
    output: z.object({ ...tabular, period, note: z.string().optional() }),
    permission: 'read:basic_reports',
    annotations: READ_ONLY,
    cache: { ttlSeconds: 60, staleSeconds: 600 },
    async run(args, context) {
      const report = REPORTS[args.template];
      if (report.permission !== undefined) demand(context.principal, report.permission);
      const { current, previous } = periodsOf(args, clock.now());
      const scope = { current, previous: report.compares ? previous : null };
      const values = [...scopeValues(scope), ...report.values(current, args.limit)];
      const { found, note } = await database.withTenant(context, async (tenant) => {
        const rows = await tenant.query({ text: report.text, values, maxRows: args.limit });
        return {
          found: rows,
          note: rows.rows.length === 0 ? await explainEmptiness(tenant, current) : undefined,
        };
      });
      const { text, ...cut } = formatRows(report.arrange(found), 'json');
      return {
        structured: { ...tabularOutput(cut), period: { ...current }, ...(note !== undefined && { note }) },
        text: `${current.start} to ${current.end}${note === undefined ? '' : `. ${note}`}\n${text}`,
      };
    },
  });
}
