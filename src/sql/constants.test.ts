import { expect, test } from 'vitest';
import { secondsOfInterval } from './constants.ts';

const literal = (text: string) => ({ A_Const: { sval: { sval: text } } });

test('an interval is read up to 200 characters, which is more than anybody writes and soon read', () => {
  expect(secondsOfInterval(literal('1 day '.repeat(33)))).toBe(33 * 86_400);
  expect(secondsOfInterval(literal('1 day '.repeat(34)))).toBeUndefined();
});
