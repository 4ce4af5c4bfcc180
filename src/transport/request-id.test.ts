import { expect, test } from 'vitest';
import { callIds, requestIdFrom } from './request-id.ts';

test.each(['a', 'A.b_c-9', 'x'.repeat(64)])('%s is kept', (id) => expect(requestIdFrom(id)).toBe(id));

test.each([undefined, '', 'x'.repeat(65), 'a\nb', 'a b', 'é', ['a']])('%j is replaced', (id) => {
  expect(requestIdFrom(id)).toMatch(/^[0-9a-f-]{36}$/);
});

test('the calls of a batch have ids of their own, well-formed like the first', () => {
  const next = callIds('x'.repeat(64));
  const ids = Array.from({ length: 100 }, next);
  expect(ids[0]).toBe('x'.repeat(64));
  expect(new Set(ids).size).toBe(100);
  expect(ids.filter((id) => requestIdFrom(id) !== id)).toEqual([]);
});
