import { categoryPerformance } from './category-performance.ts';
import { customerAnalysis } from './customer-analysis.ts';
import { dailySales } from './daily-sales.ts';
import type { Report } from './report.ts';
import { salesTrends } from './sales-trends.ts';
import { topProducts } from './top-products.ts';

export const TEMPLATES = [
  'daily_sales',
  'top_products',
  'customer_analysis',
  'category_performance',
  'sales_trends',
] as const;
export type Template = (typeof TEMPLATES)[number];

/** The templates of sales_report. A new one is a file here and a line in each list. */
export const REPORTS: Readonly<Record<Template, Report>> = {
  daily_sales: dailySales,
  top_products: topProducts,
  customer_analysis: customerAnalysis,
  category_performance: categoryPerformance,
  sales_trends: salesTrends,
};
