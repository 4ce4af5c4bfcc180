import { add, compare, percent, quotient } from '../decimal.ts';
import { bestSellers } from '../queries/best-sellers.ts';
import { type ProductClass, productClasses } from '../queries/product-classes.ts';
import { SLOW_AFTER_DAYS, type SlowMover, slowMovers } from '../queries/slow-movers.ts';
import { counted } from '../sales-insights.ts';
import { type Analysis, perCurrency } from './kind.ts';

const LISTED = 10;

function classInsights(currency: string, classes: readonly ProductClass[]): string[] {
  const products = classes.reduce((sum, row) => sum + row.products, 0);
  const revenue = classes.reduce((sum, row) => add(sum, row.revenue), '0');
  const best = classes.find((row) => row.class === 'A');
  if (best === undefined || compare(revenue, '0') <= 0) {
    return [
      `${counted(products, 'product')} sold in ${currency}, none with revenue to speak of: ${revenue} ${currency} net.`,
    ];
  }
  return [
    `${best.products} of ${counted(products, 'product')} sold (${percent(String(best.products), String(products))} %) are class A and bring ` +
      `${best.revenue} ${currency}, ${percent(best.revenue, revenue)} % of revenue.`,
  ];
}

function slowMoverInsights([first]: readonly SlowMover[], days: number): string[] {
  if (first === undefined) return [];
  return [
    `${counted(first.all_products, 'product')} with ${counted(first.all_stock, 'piece')} in stock would last over ${SLOW_AFTER_DAYS} days ` +
      `at the rate of sale of the last ${counted(days, 'day')}: see slow_movers.`,
  ];
}

function classRows(currency: string, classes: readonly ProductClass[]): unknown[][] {
  const revenue = classes.reduce((sum, row) => add(sum, row.revenue), '0');
  return classes.map((row) => [
    currency,
    row.class,
    row.products,
    row.units,
    row.revenue,
    percent(row.revenue, revenue),
  ]);
}

/** Days that the stock lasts at the period's rate of sale; null when nothing was sold on balance. */
function daysOfStock({ stock, units }: Pick<SlowMover, 'stock' | 'units'>, days: number): string | null {
  return units <= 0 ? null : quotient(String(stock * days), String(units), 0);
}

/** ABC classes and best sellers of the period, and stock that hardly moves. */
export const productPerformance: Analysis = async (tenant, { periods, days }) => {
  const scope = { current: periods.current };
  const classes = await productClasses(tenant, scope);
  const slow = await slowMovers(tenant, scope, days, LISTED);
  if (classes.length === 0 && slow.length === 0) return undefined;
  const sellers = (await bestSellers(tenant, scope, LISTED)).filter(({ kind }) => kind === 'product');
  const currencies = perCurrency(classes);
  return {
    insights: [
      ...currencies.flatMap(([currency, rows]) => classInsights(currency, rows)),
      ...slowMoverInsights(slow, days),
    ],
    tables: {
      classes: {
        columns: ['currency', 'class', 'products', 'units', 'revenue', 'revenue_pct'],
        rows: currencies.flatMap(([currency, rows]) => classRows(currency, rows)),
      },
      top_products: {
        columns: ['currency', 'sku', 'name', 'revenue', 'units'],
        rows: sellers.map((product) => [
          product.currency,
          product.sku,
          product.name,
          product.revenue,
          product.units,
        ]),
      },
      slow_movers: {
        columns: ['sku', 'name', 'stock', 'units_sold', 'days_of_stock'],
        rows: slow.map((product) => [
          product.sku,
          product.name,
          product.stock,
          product.units,
          daysOfStock(product, days),
        ]),
      },
    },
  };
};
