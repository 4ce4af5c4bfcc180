import { describe, expect, it } from 'vitest';
import { dependencies, Tags } from './tags.ts';

const A = '0000000a-0000-4000-8000-000000000001';
const B = '0000000a-0000-4000-8000-000000000002';

/** An answer out of `orders` for who sees store A, and one for who sees many, asked for now. */
function stamps() {
  const tags = new Tags();
  const since = tags.now;
  const few = tags.stamp(dependencies(['retail.orders'], [A]), since);
  const many = tags.stamp(dependencies(['retail.orders']), since);
  return { tags, holding: () => ({ few: few.holds(), many: many.holds() }) };
}

describe('what an answer depends on', () => {
  it.each([
    ['nothing', undefined, { few: true, many: true }],
    ['another table', { table: 'retail.payments' }, { few: true, many: true }],
    ['rows of its store', { table: 'retail.orders', stores: [B, A] }, { few: false, many: false }],
    ['rows of another store', { table: 'retail.orders', stores: [B] }, { few: true, many: false }],
    ['rows of unknown stores', { table: 'retail.orders' }, { few: false, many: false }],
    ['no one knows what', {}, { few: false, many: false }],
  ])('after a change of %s', (_, change, expected) => {
    const { tags, holding } = stamps();
    if (change !== undefined) tags.heard(change);
    expect(holding()).toEqual(expected);
  });

  it('does not hold when it changed between the question and the answer', () => {
    const tags = new Tags();
    const since = tags.now;
    tags.heard({ table: 'retail.orders' });
    expect(tags.stamp(['retail.orders'], since).holds()).toBe(false);
    expect(tags.stamp(['retail.orders'], tags.now).holds()).toBe(true);
  });

  it('counts as changed when nobody noted its changes yet', () => {
    const tags = new Tags();
    const since = tags.now;
    tags.heard({ table: 'retail.orders', stores: [A] });
    expect(tags.stamp(dependencies(['retail.orders'], [A]), since).holds()).toBe(false);
  });
});
