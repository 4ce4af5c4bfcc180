import { describe, expect, it } from 'vitest';
import { alignedTable, progressBar, type Terminal } from './terminal.ts';

describe('alignedTable', () => {
  it('puts numbers to the right and cuts what is long', () => {
    expect(
      alignedTable(
        ['sku', 'sold'],
        [
          ['HAM-1', 7],
          ['x'.repeat(70), '12.50'],
          [null, null],
        ],
      ),
    ).toBe(
      [
        `sku${' '.repeat(60)}sold`,
        `${'-'.repeat(60)}  -----`,
        `HAM-1${' '.repeat(55)}      7`,
        `${'x'.repeat(59)}…  12.50`,
        '',
      ].join('\n'),
    );
  });

  it('lets no control character through to the terminal', () => {
    expect(alignedTable(['a'], [['\u001b[31mred\u0007\n']])).toBe('a\n---------\n [31mred');
  });
});

describe('progressBar without a terminal', () => {
  it('says once what begins and once what was done', () => {
    const lines: string[] = [];
    const log: Terminal = {
      out: () => {},
      err: (line) => lines.push(line),
      outIsTty: false,
      errIsTty: false,
      columns: 80,
    };
    const bar = progressBar('Importing', 'lines', log);
    bar.update(500, 1000);
    bar.update(1000, 1000);
    bar.stop();
    expect(lines[0]).toBe('Importing …');
    expect(lines[1]).toMatch(/^Importing: 1,000 lines in \d+\.\d s$/);
    expect(lines).toHaveLength(2);
  });
});
