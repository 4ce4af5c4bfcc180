import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readArray, typeReader } from './values.ts';

describe('typeReader', () => {
  it.each([
    [16, 'boolean', 't', true],
    [16, 'boolean', 'f', false],
    [20, 'bigint', '9007199254740991', 9007199254740991],
    [20, 'bigint', '9007199254740993', '9007199254740993'],
    [23, 'integer', '-7', -7],
    [701, 'double precision', '0.1', 0.1],
    [701, 'double precision', 'NaN', 'NaN'],
    [701, 'double precision', '-Infinity', '-Infinity'],
    [1700, 'numeric', '9747747.934', '9747747.934'],
    [1700, 'numeric', '1.10', '1.10'],
    [1082, 'date', '2011-12-09', '2011-12-09'],
    [1114, 'timestamp', '2011-12-09 12:50:00', '2011-12-09T12:50:00'],
    [1184, 'timestamptz', '2011-12-09 12:50:00.25+00', '2011-12-09T12:50:00.25Z'],
    [3802, 'jsonb', '{"a":[1,null]}', { a: [1, null] }],
    [3802, 'jsonb', '{"a":12345678901234567890}', { a: '12345678901234567890' }],
    [1231, 'numeric[]', '{1.10,NULL}', ['1.10', null]],
    [999_999, 'text', '(a,b)', '(a,b)'],
  ])('type %i is %s and reads %s', (oid, name, text, value) => {
    const reader = typeReader(oid);
    expect(reader.name).toBe(name);
    expect(reader.read(text)).toEqual(value);
  });
});

describe('JSON that is nested deep', () => {
  const nested = (depth: number, within = '') => `${'['.repeat(depth)}${within}${']'.repeat(depth)}`;
  const { read } = typeReader(3802);

  it('is itself down to 500, and its text from there on', () => {
    expect(read(nested(500))).toEqual(JSON.parse(nested(500)));
    expect(read(nested(501))).toBe(nested(501));
    expect(read(nested(250, `{"a":${nested(250)}}`))).toBe(nested(250, `{"a":${nested(250)}}`));
  });

  it('counts no bracket in a string, and closes what was closed', () => {
    const quoted = JSON.stringify(['"\\["'.repeat(600), '{'.repeat(600)]);
    expect(read(quoted)).toEqual(JSON.parse(quoted));
    const wide = JSON.stringify(Array.from({ length: 600 }, () => [{}]));
    expect(read(wide)).toEqual(JSON.parse(wide));
  });
});

describe('readArray', () => {
  const asIs = (text: string) => text;

  it.each([
    ['{}', []],
    ['{NULL,"NULL"}', [null, 'NULL']],
    [
      '{{1,2},{3,4}}',
      [
        ['1', '2'],
        ['3', '4'],
      ],
    ],
    ['[0:1]={a,b}', ['a', 'b']],
    ['{"",","," { } "}', ['', ',', ' { } ']],
  ])('%s', (text, value) => expect(readArray(text, asIs)).toEqual(value));

  it('reads back whatever text PostgreSQL would quote', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (elements) => {
        const quoted = elements.map((element) => `"${element.replace(/["\\]/g, '\\$&')}"`);
        expect(readArray(`{${quoted.join(',')}}`, asIs)).toEqual(elements);
      }),
    );
  });
});
