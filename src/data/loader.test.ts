import { expect, it } from 'vitest';
import { copyText } from './loader.ts';

it.each([
  [null, '\\N'],
  ['\\N', '\\\\N'],
  ['a\tb\nc\rd\\e', 'a\\tb\\nc\\rd\\\\e'],
  ['', ''],
  [1.5, '1.5'],
  [true, 'true'],
])('%j is %j in COPY text', (value, text) => expect(copyText(value)).toBe(text));
