import { encode } from 'gpt-tokenizer/encoding/cl100k_base';
import { expect, test } from 'vitest';
import { CATALOGUE } from '../demo/catalogue/index.ts';
import { estimateTokens } from './estimate-tokens.ts';

test('of a catalogue it is up to a fifth more than the models of OpenAI count, and never less', () => {
  const texts = CATALOGUE.flatMap(({ name: category, types }) =>
    types.flatMap(({ name: type, products }) =>
      products.map(([, name, , description]) => `${name}\n${type}, ${category}\n${description}`),
    ),
  );
  const sum = (count: (text: string) => number) => texts.reduce((all, text) => all + count(text), 0);
  const counted = sum((text) => encode(text).length);
  const estimated = sum(estimateTokens);
  expect(estimated / counted).toBeGreaterThan(1);
  expect(estimated / counted).toBeLessThan(1.2);
});

test.each([
  ['', 0],
  ['drill', 2],
  ['télé', 2],
  ['電動ドリル', 5],
  ['drill 電動', 4],
])('%j is about %d', (text, tokens) => {
  expect(estimateTokens(text)).toBe(tokens);
});
