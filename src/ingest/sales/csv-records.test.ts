import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CsvRecords } from './csv-records.ts';

interface Read {
  readonly records: [line: number, lastLine: number, ...fields: string[]][];
  readonly rejects: [line: number, reason: string, raw: string][];
}

/** Reads the bytes in pieces of `size`. */
function read(input: string | Buffer, size = 1 << 20): Read {
  const bytes = Buffer.from(input);
  const result: Read = { records: [], rejects: [] };
  const records = new CsvRecords({
    record: (fields, line, lastLine) => result.records.push([line, lastLine, ...fields]),
    reject: (line, reason, raw) => result.rejects.push([line, reason, raw]),
  });
  for (let at = 0; at < bytes.length; at += size) records.write(bytes.subarray(at, at + size));
  records.end();
  return result;
}

describe('against csv-parse', () => {
  const field = fc.oneof(
    fc.string({ maxLength: 8 }),
    fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r\n', 'a', 'é', '𝄞', ' ') }),
  );
  const quoted = (text: string, always: boolean) =>
    always || /["\n\r,]/.test(text) || text === '' ? `"${text.replaceAll('"', '""')}"` : text;

  test('the same fields, whatever the quoting, line ends and pieces', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.tuple(field, fc.boolean()), { minLength: 1, maxLength: 4 }), { maxLength: 6 }),
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        fc.integer({ min: 1, max: 40 }),
        (rows, lineEnd, lastEnd, size) => {
          const text = rows
            .map((row) => row.map(([value, always]) => quoted(value, always)).join(','))
            .join(lineEnd);
          fc.pre(!text.includes('\0') && !text.includes('\ufeff'));
          const input = text + (lastEnd ? lineEnd : '');
          const expected: string[][] = parse(input, {
            relaxColumnCount: true,
            skipEmptyLines: true,
            recordDelimiter: ['\r\n', '\n'],
          });
          const { records, rejects } = read(input, size);
          expect(rejects).toEqual([]);
          expect(records.map(([, , ...fields]) => fields)).toEqual(expected);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('nothing is lost, whatever the bytes: each physical line is in a record, rejected, or blank', () => {
    const bytes = fc.array(fc.constantFrom(0x22, 0x2c, 0x0a, 0x0d, 0x61, 0x00, 0xc3, 0xa9, 0xff), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(bytes, fc.integer({ min: 1, max: 70 }), (values, size) => {
        const input = Buffer.from(values);
        const { records, rejects } = read(input, size);
        const covered = new Set(rejects.map(([line]) => line));
        for (const [line, lastLine] of records) {
          for (let at = line; at <= lastLine; at += 1) {
            expect(covered.has(at)).toBe(false);
            covered.add(at);
          }
        }
        const lines = input.toString('latin1').split('\n');
        lines.forEach((line, index) => {
          if (line !== '' && line !== '\r') expect(covered.has(index + 1)).toBe(true);
        });
        expect({ records, rejects }).toEqual(read(input));
      }),
      // A line that is not UTF-8 inside quotes that close in a later block.
      { numRuns: 2000, examples: [[[0x22, 0x0a, 0xc3, 0x0a, 0x22, 0x0a], 1]] },
    );
  });
});

describe('what a real export holds', () => {
  test.each<[string, string, Read]>([
    [
      'a quoted field over two lines',
      'a,"b\nc",d\ne',
      {
        records: [
          [1, 2, 'a', 'b\nc', 'd'],
          [3, 3, 'e'],
        ],
        rejects: [],
      },
    ],
    [
      'blank lines keep their numbers',
      'a\n\n\r\nb\n',
      {
        records: [
          [1, 1, 'a'],
          [4, 4, 'b'],
        ],
        rejects: [],
      },
    ],
    ['a byte order mark', '\ufeffa,b\n', { records: [[1, 1, 'a', 'b']], rejects: [] }],
    [
      'text after a quote',
      'a,"b"c\nd\n',
      { records: [[2, 2, 'd']], rejects: [[1, 'text after a closing quote', 'a,"b"c']] },
    ],
    [
      'a quote in the middle',
      'a,b"c\nd\n',
      {
        records: [[2, 2, 'd']],
        rejects: [[1, 'a quote inside a field that does not begin with one', 'a,b"c']],
      },
    ],
    [
      'a quote that never closes costs one line',
      'a\n"b,c\nd\ne\n',
      {
        records: [
          [1, 1, 'a'],
          [3, 3, 'd'],
          [4, 4, 'e'],
        ],
        rejects: [[2, 'a quote is never closed', '"b,c']],
      },
    ],
    [
      'a NUL byte',
      'a\nb\0c\nd',
      {
        records: [
          [1, 1, 'a'],
          [3, 3, 'd'],
        ],
        rejects: [[2, 'holds a NUL byte', 'b\u2400c']],
      },
    ],
  ])('%s', (_, input, expected) => {
    for (const size of [1, 3, 1000]) expect(read(input, size)).toEqual(expected);
  });

  test('bytes that are no UTF-8', () => {
    const input = Buffer.concat([Buffer.from('é,1\nb'), Buffer.from([0xe9, 0x0a]), Buffer.from('c\n')]);
    expect(read(input)).toEqual({
      records: [
        [1, 1, 'é', '1'],
        [3, 3, 'c'],
      ],
      rejects: [[2, 'not UTF-8', 'b\ufffd']],
    });
  });

  test('a quote that does not close within 64 KiB costs one line, not the rest of the file', () => {
    const rows = Array.from({ length: 20_000 }, (_, index) => `x${index},y`);
    const { records, rejects } = read(`a,"open\n${rows.join('\n')}\n`, 1000);
    expect(rejects).toEqual([[1, 'a quote is never closed', 'a,"open']]);
    expect(records).toHaveLength(20_000);
    expect(records.at(-1)).toEqual([20_001, 20_001, 'x19999', 'y']);
  });

  test.each([1000, 70_000, 1 << 22])('a line without end is not kept in memory, in pieces of %i', (size) => {
    const { records, rejects } = read(`a\n${'x'.repeat(1_000_000)}\nb\n`, size);
    expect(records).toEqual([
      [1, 1, 'a'],
      [3, 3, 'b'],
    ]);
    expect(rejects).toEqual([[2, 'line longer than 65536 characters', 'x'.repeat(1000)]]);
  });
});
