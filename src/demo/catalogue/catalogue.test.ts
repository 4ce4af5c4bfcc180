import { describe, expect, it } from 'vitest';
import { listPrice } from '../reference.ts';
import { CATALOGUE } from './index.ts';

const lines = CATALOGUE.flatMap(({ types }) => types.flatMap(({ products }) => products));

function repeated(values: readonly string[], most = 1): string[] {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].flatMap(([value, count]) => (count > most ? [value] : []));
}

describe('the catalogue', () => {
  it('has nine categories and at least 420 products', () => {
    expect(CATALOGUE).toHaveLength(9);
    expect(lines.length).toBeGreaterThanOrEqual(420);
    for (const { types } of CATALOGUE) {
      expect(types.length).toBeGreaterThanOrEqual(5);
      for (const { products } of types) expect(products.length).toBeGreaterThanOrEqual(5);
    }
  });

  it('names nothing twice', () => {
    expect(repeated(lines.map(([sku]) => sku))).toEqual([]);
    expect(repeated(lines.map(([, name]) => name.toLowerCase()))).toEqual([]);
    expect(repeated(CATALOGUE.map(({ name }) => name))).toEqual([]);
    for (const { types } of CATALOGUE) expect(repeated(types.map(({ name }) => name))).toEqual([]);
  });

  it('describes each product in words of its own', () => {
    for (const [, name, , description] of lines) {
      expect(description.length, name).toBeGreaterThanOrEqual(40);
      expect(description.length, name).toBeLessThanOrEqual(400);
      expect(description, name).toMatch(/^[A-Z0-9].*\.$/);
      expect(description.toLowerCase(), name).not.toBe(name.toLowerCase());
    }
    expect(repeated(lines.map(([, , , description]) => description))).toEqual([]);
    expect(
      repeated(
        lines.map(([, , , description]) => description.slice(0, 30)),
        2,
      ),
    ).toEqual([]);
  });

  it('uses no marketing filler', () => {
    const filler =
      /\b(premium|ultimate|perfect|high-quality|amazing|must-have|elevate|unleash|best-in-class)\b/i;
    expect(lines.filter(([, , , description]) => filler.test(description))).toEqual([]);
  });

  it('gives each SKU the prefix of its category, in rising order', () => {
    for (const { types } of CATALOGUE) {
      const skus = types.flatMap(({ products }) => products.map(([sku]) => sku));
      expect(skus).toEqual([...skus].sort());
      expect(new Set(skus.map((sku) => sku.slice(0, 4))).size).toBe(1);
      for (const sku of skus) expect(sku).toMatch(/^[A-Z]{2}-\d{4}$/);
    }
  });

  it('costs whole cents above zero', () => {
    for (const [, name, cost] of lines) expect(Number.isSafeInteger(cost) && cost > 0, name).toBe(true);
  });

  it('has shares that add up and twelve months around one', () => {
    expect(CATALOGUE.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 10);
    for (const { name, months } of CATALOGUE) {
      expect(months, name).toHaveLength(12);
      expect(months.reduce((sum, month) => sum + month, 0) / 12, name).toBeCloseTo(1, 2);
    }
  });
});

describe('listPrice', () => {
  it.each([
    [67, 100],
    [1090, 1627],
    [2240, 3343],
    [130, 194],
    [57260, 85463],
  ])('of %s cents is cost / 0.67, rounded: %s', (cost, price) => {
    expect(listPrice(cost)).toBe(price);
    expect(Math.abs(cost / 0.67 - price)).toBeLessThanOrEqual(0.5);
  });
});
