import { describe, expect, it } from 'vitest';
import { calendarDay, dayOf } from './calendar.ts';
import { CATALOGUE } from './catalogue/index.ts';
import { dailyOrders, monthFactor, yearWeight } from './demand.ts';

function perYear(total: number, end: string): Map<number, number> {
  const years = new Map<number, number>();
  for (const [day, orders] of dailyOrders(total, dayOf('2020-01-01'), dayOf(end), 7)) {
    const { year } = calendarDay(day);
    years.set(year, (years.get(year) ?? 0) + orders);
  }
  return years;
}

describe('dailyOrders', () => {
  it.each([0, 1, 999, 12_345])('spreads exactly %s orders over the days', (total) => {
    const days = [...dailyOrders(total, dayOf('2020-01-01'), dayOf('2026-05-02'), 7)];
    expect(days).toHaveLength(dayOf('2026-05-02') - dayOf('2020-01-01'));
    expect(days.reduce((sum, [, orders]) => sum + orders, 0)).toBe(total);
    expect(Math.min(...days.map(([, orders]) => orders))).toBeGreaterThanOrEqual(0);
  });

  it('gives whole years their weights to within one order', () => {
    const weights = [1, 1.1, 1.21, 1.15, 1.265, 1.392, 1.531];
    const unit = 100_000 / weights.reduce((sum, weight) => sum + weight, 0);
    const years = perYear(100_000, '2027-01-01');
    for (const [index, weight] of weights.entries()) {
      expect(Math.abs((years.get(2020 + index) ?? 0) - weight * unit)).toBeLessThanOrEqual(1);
    }
  });

  it('gives a year cut short what its days would have had in the whole year', () => {
    const whole = [...dailyOrders(1_000_000, dayOf('2020-01-01'), dayOf('2027-01-01'), 7)];
    const spring = whole.filter(([day]) => day >= dayOf('2026-01-01') && day < dayOf('2026-05-02'));
    const fraction =
      spring.reduce((sum, [, orders]) => sum + orders, 0) / (perYear(1_000_000, '2027-01-01').get(2026) ?? 1);
    const years = perYear(1_000_000, '2026-05-02');
    const ratio = (years.get(2026) ?? 0) / (years.get(2025) ?? 1);
    expect(ratio).toBeCloseTo((1.531 / 1.392) * fraction, 4);
    // By the calendar it would be 121 of 365 days; winter sells less.
    expect(fraction).toBeGreaterThan(0.27);
    expect(fraction).toBeLessThan(121 / 365);
  });

  it('sells little on the days that shops are closed', () => {
    const days = new Map(dailyOrders(1_000_000, dayOf('2024-01-01'), dayOf('2025-01-01'), 7));
    const christmas = days.get(dayOf('2024-12-25')) ?? 0;
    expect(christmas).toBeGreaterThan(0);
    expect(christmas).toBeLessThan(0.6 * (days.get(dayOf('2024-12-24')) ?? 0));
  });
});

describe('yearWeight', () => {
  it('goes on growing after the years that are told', () => {
    expect(yearWeight(2026)).toBe(1.531);
    expect(yearWeight(2028)).toBeCloseTo(1.531 * 1.1 ** 2, 10);
  });
});

describe('monthFactor', () => {
  it('follows the season for 85 % of what is sold', () => {
    const garden = CATALOGUE.findIndex(({ name }) => name === 'Garden & Outdoor');
    expect(monthFactor(garden, 4)).toBeCloseTo(0.85 * 1.9 + 0.15, 10);
    expect(monthFactor(garden, 0)).toBeCloseTo(0.85 * 0.45 + 0.15, 10);
  });
});
