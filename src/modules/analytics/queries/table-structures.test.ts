import { expect, test } from 'vitest';
import { listedValues } from './table-structures.ts';

test.each([
  ["CHECK ((status = ANY (ARRAY['a'::text, 'b c'::text])))", ['a', 'b c']],
  ["CHECK ((status = ANY (ARRAY['it''s'::text])))", ["it's"]],
  ['CHECK ((quantity > 0))', []],
  ["CHECK ((a = ANY (ARRAY['x'::text])) OR (b = 1))", []],
  ['CHECK (((char_length(name) >= 1) AND (char_length(name) <= 50)))', []],
])('%s lists %j', (check, values) => {
  expect(listedValues(['CHECK ((length(x) > 1))', check])).toEqual(values);
});
