import { expect, test } from 'vitest';
import { pageOf } from './paging.ts';

const ITEMS = ['a', 'b', 'c', 'd', 'e'];
const itself = (item: string): string => item;
const cursorAfter = (item: string): string => Buffer.from(item).toString('base64url');

test('a list is given out page by page, and the last page names no other', () => {
  const seen: string[][] = [];
  let cursor: string | undefined;
  do {
    const page = pageOf(ITEMS, itself, cursor, 2);
    seen.push([...page.items]);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  expect(seen).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
});

test('a page that just holds all names no other', () => {
  expect(pageOf(ITEMS, itself, undefined, 5)).toEqual({ items: ITEMS });
});

test('what comes and goes between two pages makes none come twice', () => {
  const { nextCursor } = pageOf(ITEMS, itself, undefined, 2);
  expect(pageOf(['0', ...ITEMS], itself, nextCursor, 2).items).toEqual(['c', 'd']);
});

test.each(['', 'x', cursorAfter('f'), `${cursorAfter('a')}=`])(
  'the cursor %j was never given out',
  (cursor) => {
    expect(() => pageOf(ITEMS, itself, cursor, 2)).toThrow('Unknown cursor');
  },
);
