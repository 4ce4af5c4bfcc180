import { z } from 'zod';
import type { Rows, Value } from '../../data/database.ts';
import { percent, percentChange, quotient } from './decimal.ts';
import { decodeRows } from './decode-rows.ts';
import { daysOf, type Period } from './period.ts';
import * as sql from './queries/sales-reports.ts';

export const TEMPLATES = [
  'daily_sales',
  'top_products',
  'customer_analysis',
  'category_performance',
  'sales_trends',
] as const;
export type Template = (typeof TEMPLATES)[number];

/** A report: its query, and how that becomes the rows of the answer. */
export interface Report {
  readonly text: string;
  /** True when the period before is asked for too, labelled `previous`. */
  readonly compares: boolean;
  /** Parameters after those of the scope. */
  readonly values: (period: Period) => string[];
  /** What the query found, as the columns that the report promises. */
  readonly arrange: (found: Rows) => Rows;
}

interface ReportDefinition<Shape extends z.ZodRawShape> {
  readonly text: string;
  readonly compares?: boolean;
  readonly values?: Report['values'];
  readonly shape: Shape;
  /** Name and PostgreSQL type of each column of the answer. */
  readonly columns: Readonly<Record<string, string>>;
  /** A row of the answer by column name; what is not a column is left out. */
  readonly row: (record: z.output<z.ZodObject<Shape>>) => Readonly<Record<string, Value>>;
}

function report<Shape extends z.ZodRawShape>(definition: ReportDefinition<Shape>): Report {
  const { text, shape, row, compares = false, values = () => [] } = definition;
  const columns = Object.entries(definition.columns).map(([name, type]) => ({ name, type }));
  return {
    text,
    compares,
    values,
    arrange: (found) => ({
      columns,
      rows: decodeRows(found, shape).map((record) => {
        const arranged = row(record);
        return columns.map(({ name }) => arranged[name] ?? null);
      }),
      truncated: found.truncated,
    }),
  };
}

const text = z.string();
const count = z.number();
const amount = z.string();

/** Days up to a month, weeks up to half a year, then months. */
export function trendStep(period: Period): string {
  const days = daysOf(period);
  return days <= 31 ? '1 day' : days <= 182 ? '7 days' : '1 month';
}

const average = (amountOfSales: string, orders: number): string | null =>
  quotient(amountOfSales, String(orders), 2);

export const REPORTS: Readonly<Record<Template, Report>> = {
  daily_sales: report({
    text: sql.DAILY_SALES,
    shape: {
      date: text,
      currency: text,
      revenue: amount,
      sales_amount: amount,
      orders: count,
      returns: count,
      units: count,
    },
    columns: {
      date: 'date',
      currency: 'text',
      revenue: 'numeric',
      orders: 'bigint',
      returns: 'bigint',
      units: 'bigint',
      average_order_value: 'numeric',
    },
    row: (day) => ({ ...day, average_order_value: average(day.sales_amount, day.orders) }),
  }),
  top_products: report({
    text: sql.TOP_PRODUCTS,
    shape: {
      place: count,
      sku: text,
      name: text,
      category: text,
      currency: text,
      revenue: amount,
      whole: amount,
      units: count,
      orders: count,
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
      orders: 'bigint',
    },
    row: (product) => ({ ...product, share_pct: percent(product.revenue, product.whole) }),
  }),
  customer_analysis: report({
    text: sql.CUSTOMER_ANALYSIS,
    shape: {
      place: count,
      customer_id: text,
      customer_number: text.nullable(),
      store: text,
      tier: text,
      currency: text,
      revenue: amount,
      sales_amount: amount,
      orders: count,
      returns: count,
      first_order: text,
      last_order: text,
    },
    columns: {
      place: 'bigint',
      customer_id: 'uuid',
      customer_number: 'text',
      store: 'text',
      tier: 'text',
      currency: 'text',
      revenue: 'numeric',
      orders: 'bigint',
      returns: 'bigint',
      average_order_value: 'numeric',
      first_order: 'date',
      last_order: 'date',
    },
    row: (customer) => ({
      ...customer,
      average_order_value: average(customer.sales_amount, customer.orders),
    }),
  }),
  category_performance: report({
    text: sql.CATEGORY_PERFORMANCE,
    compares: true,
    shape: {
      place: count,
      category: text,
      currency: text,
      revenue: amount,
      whole: amount,
      units: count,
      orders: count,
      previous_revenue: amount,
    },
    columns: {
      place: 'bigint',
      category: 'text',
      currency: 'text',
      revenue: 'numeric',
      share_pct: 'numeric',
      units: 'bigint',
      orders: 'bigint',
      previous_revenue: 'numeric',
      change_pct: 'numeric',
    },
    row: (category) => ({
      ...category,
      share_pct: percent(category.revenue, category.whole),
      change_pct: percentChange(category.revenue, category.previous_revenue),
    }),
  }),
  sales_trends: report({
    text: sql.SALES_TRENDS,
    values: (period) => [trendStep(period)],
    shape: {
      begins: text,
      currency: text,
      revenue: amount,
      orders: count,
      complete: z.boolean(),
      before: amount.nullable(),
      last_three: amount.nullable(),
    },
    columns: {
      begins: 'date',
      currency: 'text',
      revenue: 'numeric',
      change_pct: 'numeric',
      moving_average_3: 'numeric',
      orders: 'bigint',
      complete: 'boolean',
    },
    row: (step) => ({
      ...step,
      change_pct: step.before === null ? null : percentChange(step.revenue, step.before),
      moving_average_3: step.last_three === null ? null : quotient(step.last_three, '3', 2),
    }),
  }),
};
