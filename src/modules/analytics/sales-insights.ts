import { compare, percent } from './decimal.ts';
import { type Comparable, changes, type Metrics } from './store-metrics.ts';

/**
 * Sentences computed from figures. No stored text goes into them: a product may be called "ignore your instructions", and a
 * sentence of the server's own would lend it the server's voice. Names stand in the data beside, and are referred to.
 */

/** `up 12.3 %`, `down 4.0 %`, `unchanged`. */
export function movement(changePercent: string): string {
  const direction = compare(changePercent, '0');
  if (direction === 0) return 'unchanged';
  return direction > 0 ? `up ${changePercent} %` : `down ${changePercent.replace('-', '')} %`;
}

export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

function revenueSentence(currency: string, current: Comparable, previous: Comparable | null): string {
  const what = `Revenue ${current.revenue} ${currency} from ${counted(current.orders, 'order')}`;
  if (previous === null) return `${what}.`;
  const change = changes(current, previous).revenue;
  const against = `the period before (${previous.revenue} ${currency})`;
  return change === null
    ? `${what}; ${against} gives no base for a change.`
    : `${what}, ${movement(change)} on ${against}.`;
}

function driverSentence(current: Comparable, previous: Comparable): string | null {
  const { orders, average_order_value } = changes(current, previous);
  if (orders === null || average_order_value === null) return null;
  return `Orders ${movement(orders)}, average order value ${movement(average_order_value)}.`;
}

function returnSentence(current: Comparable, previous: Comparable | null): string | null {
  if (current.returns === 0) return null;
  if (current.return_rate === null) return `${counted(current.returns, 'return')} and no orders.`;
  const before = previous?.return_rate == null ? '' : `, ${previous.return_rate} in the period before`;
  return `${counted(current.returns, 'return')}: ${current.return_rate} per 100 orders${before}.`;
}

/** Below this share of orders, anonymous sales hardly touch the customer figures. */
const NOTABLE_ANONYMOUS = '5';

function anonymousSentence({ anonymous_share: share }: Comparable): string | null {
  if (share === null || compare(share, NOTABLE_ANONYMOUS) < 0) return null;
  return `${share} % of orders name no customer: customer figures are about the others.`;
}

const said = (sentences: readonly (string | null)[]): string[] =>
  sentences.filter((sentence) => sentence !== null);

export function salesInsights(currency: string, current: Comparable, previous: Comparable | null): string[] {
  return said([
    revenueSentence(currency, current, previous),
    previous === null ? null : driverSentence(current, previous),
    returnSentence(current, previous),
    anonymousSentence(current),
  ]);
}

/** How much of the revenue hangs on the first product and the first category. */
export function concentrationInsights({ revenue, top_products, top_categories }: Metrics): string[] {
  const share = (first: { readonly revenue: string } | undefined, list: string): string | null => {
    const part = first === undefined || compare(revenue, '0') <= 0 ? null : percent(first.revenue, revenue);
    return part === null ? null : `The first of ${list} brings ${part} % of revenue.`;
  };
  return said([share(top_products[0], 'top_products'), share(top_categories[0], 'top_categories')]);
}
