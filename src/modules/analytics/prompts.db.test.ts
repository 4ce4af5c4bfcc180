import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { databases } from '../../../test/harness/databases.ts';
import type { Principal } from '../../kernel/principal.ts';
import { analyticsPrompts } from './prompts.ts';
import { twoShops } from './testing/open-shops.ts';
import { as, HEAD_OFFICE, NORTH, SOUTH, STRANGER } from './testing/two-currencies.ts';

describe.each(databases)('$name', ({ open }) => {
  const shops = twoShops(open);
  beforeAll(shops.open);
  afterAll(shops.close);

  const prompts = new Map(analyticsPrompts(shops.door).map((prompt) => [prompt.name, prompt]));
  const complete = (name: string, argument: string, typed: string, principal: Principal = NORTH.principal) =>
    prompts.get(name)?.complete?.[argument]?.(typed, as(principal));

  test.each([
    ['a store its own', NORTH.principal, '', ['north']],
    ['a store its own, in whatever case', NORTH.principal, 'NO', ['north']],
    ['a store nothing of another', NORTH.principal, 's', []],
    ['the other its own', SOUTH.principal, '', ['south']],
    ['the head office all', HEAD_OFFICE, '', ['north', 'south']],
    ['a stranger nothing', STRANGER, '', []],
    ['nobody by a pattern', NORTH.principal, '%', []],
  ])('stores are completed for %s', async (_, principal, typed, expected) => {
    expect(await complete('review_store', 'store', typed, principal)).toEqual(expected);
  });

  test('tables and categories are completed', async () => {
    expect(await complete('explain_table', 'table', 'sto')).toEqual(['stores']);
    expect(await complete('review_category', 'category', 'no such')).toEqual([]);
    const all = (await complete('review_category', 'category', '')) ?? [];
    expect(all.length).toBeGreaterThan(0);
    const [first = ''] = all;
    expect(await complete('review_category', 'category', first.toLowerCase())).toContain(first);
  });
});

test('what is filled in is quoted, so that a name ends where it ends', async () => {
  const door = { withTenant: () => Promise.reject(new RangeError('not asked')) };
  const [prompt] = analyticsPrompts(door);
  const args = prompt?.input.parse({ store: 'a" and more' }) ?? {};
  const [message] = (await prompt?.render(args, as(NORTH.principal))) ?? [];
  expect(message).toMatchObject({ role: 'user', content: { type: 'text' } });
  expect(JSON.stringify(message?.content)).toContain(
    String.raw`{\"store_id\":\"a\\\" and more\",\"time_period\":\"last_30_days\"}`,
  );
});
