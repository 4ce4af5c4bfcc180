import { expect, it } from 'vitest';
import { StatementNames } from './statement-names.ts';

it('a text gets a name when it is asked the second time, and keeps it', () => {
  const names = new StatementNames();
  expect(['a', 'a', 'b', 'a', 'b'].map((text) => names.statement(text).name)).toEqual([
    '',
    'aisle_1',
    '',
    'aisle_1',
    'aisle_2',
  ]);
});

it('what the rows look like is kept with the name, and with no text that has none', () => {
  const names = new StatementNames();
  names.statement('a');
  const named = names.statement('a');
  named.shape = { columns: [{ name: 'x', type: 'text' }], readers: [] };
  expect(names.statement('a')).toBe(named);
  expect(names.statement('b').shape).toBeUndefined();
});

it('of 101 texts that were asked twice, the one asked longest ago loses its name, and is told of once', () => {
  const names = new StatementNames();
  for (let n = 0; n < 101; n += 1) {
    names.statement(`text ${n}`);
    names.statement(`text ${n}`);
  }
  expect(names.takeDropped()).toEqual(['aisle_1']);
  expect(names.takeDropped()).toEqual([]);
  expect(names.statement('text 100').name).toBe('aisle_101');
  expect(names.statement('text 0').name).toBe('');
});

it('a text of more than 10,000 characters never gets one', () => {
  const names = new StatementNames();
  const long = 'x'.repeat(10_001);
  const longest = 'x'.repeat(10_000);
  expect([long, long, longest, longest].map((text) => names.statement(text).name)).toEqual([
    '',
    '',
    '',
    'aisle_1',
  ]);
});
