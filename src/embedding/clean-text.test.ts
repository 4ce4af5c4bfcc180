import { expect, test } from 'vitest';
import { cleanText } from './clean-text.ts';

test.each([
  ['cordless drill', 'cordless drill'],
  ['  cordless \t\r\n  drill\n', 'cordless drill'],
  ['cord\0less\u0007\u009f drill', 'cord less drill'],
  ['cafe\u0301', 'caf\u00e9'],
  ['half \ud83d surrogate', 'half \ufffd surrogate'],
  ['a whole \u{1f6e0}', 'a whole \u{1f6e0}'],
  ['no\u00a0break', 'no break'],
  ['\0 \n\t', ''],
  ['', ''],
])('%j is sent as %j', (text, sent) => {
  expect(cleanText(text)).toBe(sent);
});
