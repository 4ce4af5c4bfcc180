import { expect, test } from 'vitest';
import { type AstValue, greatestWithin } from './ast.ts';

const sizeOf = ({ size }: { readonly size?: AstValue }) => Number(size ?? 0);

test('the greatest within is that of any node, however deep, also beside one that is not a number', () => {
  const tree: AstValue = [
    { size: 2, parts: [{ inner: { size: 7 } }, { size: 5 }] },
    { size: Number.NaN, in: { size: 1 } },
  ];
  expect(greatestWithin(tree, sizeOf, new Map())).toBe(7);
  expect(greatestWithin({ size: Number.NaN, in: { size: 9 } }, sizeOf, new Map())).toBe(9);
  expect(
    greatestWithin({ size: Number.NaN, in: [{ size: 9 }, { size: Number.NaN }] }, sizeOf, new Map()),
  ).toBe(9);
  expect(greatestWithin(undefined, sizeOf, new Map())).toBe(0);
});

/** Closes: a text that costs the square of its length, by calls in one another that each look through the rest. */
test('asking about every node of a tree measures each once', () => {
  const asked: AstValue[] = [];
  const known = new Map<AstValue, number>();
  const nodes: AstValue[] = [{ size: 1 }];
  for (let depth = 1; depth < 300; depth++) nodes.push({ of: nodes.slice(-1) });
  for (const node of nodes.toReversed()) {
    greatestWithin(
      node,
      (each) => {
        asked.push(each);
        return sizeOf(each);
      },
      known,
    );
  }
  expect(asked).toHaveLength(nodes.length);
});
