import { expect, test } from 'vitest';
import { nextIndex } from './tokens.ts';

/** Closes: a scan that takes a word, number, blank or literal for longer or shorter than PostgreSQL's lexer does. */
function pieces(text: string): readonly string[] {
  const found: string[] = [];
  for (let at = 0; at < text.length; ) {
    const end = nextIndex(text, at, 16);
    found.push(text.slice(at, end));
    at = end;
  }
  return found;
}

test.each<[text: string, pieces: readonly string[]]>([
  ['aé9$_Z b', ['aé9$_Z', ' ', 'b']],
  ['éé', ['éé']],
  [' é1é', [' ', 'é1é']],
  ['1é', ['1', 'é']],
  ['a\u00a0b', ['a\u00a0b']],
  ['a \t\n\v\f\rb', ['a', ' \t\n\v\f\r', 'b']],
  ['1.5e3+x1.5', ['1.5e3', '+', 'x1', '.', '5']],
  ['0x1f_a', ['0x1f_a']],
  ['a<=b', ['a', '<', '=', 'b']],
  ['$1$a$b$a$', ['$', '1', '$a$b$a$']],
  ["E'\\''e'x'", ["E'\\''", "e'x'"]],
  ["ee'x'", ['ee', "'x'"]],
  ["e1'x'", ['e1', "'x'"]],
  ['"a""b"', ['"a"', '"b"']],
  ['a--b\nc', ['a', '--b', '\n', 'c']],
  ['a-b', ['a', '-', 'b']],
  ['/*a/*b*/*/c/d', ['/*a/*b*/*/', 'c', '/', 'd']],
])('%j', (text, expected) => {
  expect(pieces(text)).toEqual(expected);
});
