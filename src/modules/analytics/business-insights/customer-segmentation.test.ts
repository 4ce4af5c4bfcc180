import { expect, test } from 'vitest';
import type { CustomerScores } from '../queries/customer-scores.ts';
import { gatherSegments, segmentInsights } from './customer-segmentation.ts';

function group(scores: string, customers: number, orders: number, revenue: string): CustomerScores {
  const [recency = 0, frequency = 0, monetary = 0] = [...scores].map(Number);
  return {
    currency: 'USD',
    recency,
    frequency,
    monetary,
    customers,
    orders,
    revenue,
    days_since: customers * 10,
  };
}

const segments = gatherSegments([
  group('155', 2, 10, '50.25'),
  group('143', 1, 4, '10'),
  group('444', 2, 8, '20.50'),
  group('555', 3, 30, '19.25'),
]);

test('groups of one segment are added up, in the order of the rules', () => {
  expect(segments).toEqual([
    { segment: 'champions', customers: 5, orders: 38, revenue: '39.75', daysSince: 50 },
    { segment: 'cannot_lose', customers: 2, orders: 10, revenue: '50.25', daysSince: 20 },
    { segment: 'at_risk', customers: 1, orders: 4, revenue: '10', daysSince: 10 },
  ]);
});

test('sentences', () => {
  expect(segmentInsights('USD', segments)).toEqual([
    '8 known customers bought for 100.00 USD net of returns, in 52 orders.',
    'The segment cannot_lose is 25.0 % of them and brings 50.25 USD (50.2 %).',
    '3 frequent customers worth 60.25 USD bought less recently than most.',
  ]);
});
