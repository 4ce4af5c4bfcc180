import fc from 'fast-check';
import { expect, test } from 'vitest';
import { StoreSlugs, storeSlug } from './store-slug.ts';

test.each([
  ['United Kingdom', 'united-kingdom'],
  ['EIRE', 'eire'],
  ["Côte d'Ivoire", 'cote-d-ivoire'],
  ['  Zürich / Straße 4 ', 'zurich-strasse-4'],
  ['Łódź', 'lodz'],
  ['Ærø', 'aero'],
  ['東京', ''],
  ['x'.repeat(80), 'x'.repeat(63)],
])('%s → %s', (name, slug) => {
  expect(storeSlug(name)).toBe(slug);
});

test('every slug is one that the database takes, or empty', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 100 }), (name) => {
      expect(storeSlug(name)).toMatch(/^([a-z0-9][a-z0-9-]{0,62})?$/);
    }),
  );
});

test('two names of one slug are refused, and both are named', () => {
  const slugs = new StoreSlugs();
  expect(slugs.slugOf('Sao Paulo')).toBe('sao-paulo');
  expect(slugs.slugOf('Sao Paulo')).toBe('sao-paulo');
  expect(() => slugs.slugOf('São Paulo')).toThrow(
    'The stores "Sao Paulo" and "São Paulo" would both be "sao-paulo".',
  );
});

test('no store can take the identity that sees all stores', () => {
  expect(() => new StoreSlugs().slugOf('Head Office')).toThrow('identity that sees all stores');
});

test('a column with a new store on every line is the wrong column', () => {
  const slugs = new StoreSlugs();
  for (let index = 0; index < 10_000; index += 1) slugs.slugOf(`store ${index}`);
  expect(() => slugs.slugOf('one more')).toThrow('Is the store read from the right column?');
});
