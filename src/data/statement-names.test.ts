import { expect, it } from 'vitest';
import { StatementNames } from './statement-names.ts';

const SHAPE = { columns: [{ name: 'x', type: 'text' }], readers: [] };

const ask = (names: StatementNames, text: string) => names.statement(text)?.name;

it('a text gets a name when it is asked the second time, and keeps it', () => {
  const names = new StatementNames();
  const given = ['a', 'a', 'b', 'a', 'b'].map((text) => ask(names, text));
  expect(given).toEqual([undefined, 'aisle_1', undefined, 'aisle_1', 'aisle_2']);
});

it('what the rows look like is kept with the name, and with no text that has none', () => {
  const names = new StatementNames();
  ask(names, 'a');
  const named = names.statement('a');
  if (named !== undefined) named.shape = SHAPE;
  expect(names.statement('a')).toEqual({ name: 'aisle_1', shape: SHAPE });
  expect(names.statement('b')).toBeUndefined();
});

/**
 * Closes: a caller asks many long texts twice, and PostgreSQL holds a plan of megabytes for each on every connection.
 */
it('the texts kept are 10,000 characters together; the one asked longest ago goes, and is told of once', () => {
  const names = new StatementNames();
  const texts = Array.from({ length: 6 }, (_, n) => String(n).repeat(2000));
  for (const text of texts) for (let turn = 0; turn < 2; turn += 1) ask(names, text);
  expect(names.takeDropped()).toEqual(['aisle_1']);
  expect(names.takeDropped()).toEqual([]);
  expect([ask(names, texts[5] ?? ''), ask(names, texts[0] ?? '')]).toEqual(['aisle_6', undefined]);
});

it('a text of more than 2,000 characters never gets one', () => {
  const names = new StatementNames();
  const [long, longest] = ['x'.repeat(2001), 'x'.repeat(2000)];
  const given = [long, long, longest, longest].map((text) => ask(names, text));
  expect(given).toEqual([undefined, undefined, undefined, 'aisle_1']);
});

it("a text of Aisle's own is kept from its first time on", () => {
  const names = new StatementNames();
  const given = ['a', 'a', 'b'].map((text) => names.ownStatement(text).name);
  expect(given).toEqual(['aisle_own_1', 'aisle_own_1', 'aisle_own_2']);
});
