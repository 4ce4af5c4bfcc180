import { expect, test } from 'vitest';
import { seasonalIndices } from './seasonality.ts';

test('a month as good per day as the whole history has index 100, however long it is', () => {
  const months = [
    { month: '2025-01-01', revenue: '310.00' },
    { month: '2025-02-01', revenue: '280.00' },
  ];
  expect(seasonalIndices(months, '2025-01-01', '2025-02-28')).toEqual([
    { month: 1, index: '100.0', years: 1 },
    { month: 2, index: '100.0', years: 1 },
  ]);
});

test('the same month of several years counts together', () => {
  const months = [
    { month: '2024-12-01', revenue: '620' }, // 20 a day
    { month: '2025-01-01', revenue: '310' }, // 10 a day
    { month: '2025-12-01', revenue: '1240' }, // 40 a day
  ];
  const indices = seasonalIndices(months, '2024-12-01', '2025-12-31');
  // December 1860 in 62 days = 30 a day; in all 2170 in 396 days = 5.4798 a day.
  expect(indices.find(({ month }) => month === 12)).toEqual({ month: 12, index: '547.5', years: 2 });
  expect(indices.find(({ month }) => month === 1)).toEqual({ month: 1, index: '182.5', years: 1 });
  // Months inside the history that sold nothing are months of zero, not missing ones.
  expect(indices).toHaveLength(12);
  expect(indices.find(({ month }) => month === 6)?.index).toBe('0.0');
});

test('half a month at either end is measured by its days', () => {
  const months = [
    { month: '2025-01-01', revenue: '100' },
    { month: '2025-02-01', revenue: '50' },
  ];
  // 10 days of January at 10 a day, 5 days of February at 10 a day.
  expect(seasonalIndices(months, '2025-01-22', '2025-02-05').map(({ index }) => index)).toEqual([
    '100.0',
    '100.0',
  ]);
});

test('a history that earned nothing has no index', () => {
  expect(seasonalIndices([{ month: '2025-01-01', revenue: '0.00' }], '2025-01-01', '2025-01-01')).toEqual([
    { month: 1, index: null, years: 1 },
  ]);
});
