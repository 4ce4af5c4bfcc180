import { describe, expect, it } from 'vitest';
import { argumentsFrom } from './call-arguments.ts';

const SCHEMA = {
  properties: {
    postgresql_query: { type: 'string' },
    max_rows: { type: 'integer' },
    tables: { type: 'array' },
    deep: { type: 'object' },
    all: { type: 'boolean' },
  },
  required: ['postgresql_query', 'tables'],
};

describe('argumentsFrom', () => {
  it.each([
    ['a bare word is the first required parameter', ['select 1'], { postgresql_query: 'select 1' }],
    [
      'an = inside SQL names no parameter',
      ["select 'max_rows=1' where a=1"],
      { postgresql_query: "select 'max_rows=1' where a=1" },
    ],
    [
      'names in any order',
      ['max_rows=5', 'tables=a, b', 'select 1'],
      { max_rows: 5, tables: ['a', 'b'], postgresql_query: 'select 1' },
    ],
    ['a list as JSON', ['tables=["a,b"]'], { tables: ['a,b'] }],
    ['a boolean and an object', ['all=true', 'deep={"a":1}'], { all: true, deep: { a: 1 } }],
    ['what is no number stays text for the tool to refuse', ['max_rows=many'], { max_rows: 'many' }],
  ])('%s', (_what, words, expected) => expect(argumentsFrom(SCHEMA, words)).toEqual(expected));

  it('a word too many is refused with the names there are', () => {
    expect(() => argumentsFrom(SCHEMA, ['a', 'b', 'c'])).toThrow(
      'No parameter is left for "c". Write name=value; there are: postgresql_query, max_rows, tables, deep, all.',
    );
  });

  it('a broken JSON value is refused', () => {
    expect(() => argumentsFrom(SCHEMA, ['deep={'])).toThrow('Not JSON: {');
  });
});
