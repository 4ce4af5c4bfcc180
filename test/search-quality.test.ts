/** `npm run bench:search`: what it counts, how it reads files, and that it tells which line of one is wrong. */
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { meanDifference } from '../bench/search/bootstrap.ts';
import { parseJudgements } from '../bench/search/judgements.ts';
import { measure, ndcg, recall, reciprocalRank } from '../bench/search/measures.ts';
import { demoProducts, parseProducts } from '../bench/search/products.ts';
import { ValidationError } from '../src/kernel/errors.ts';

const grades = new Map([
  ['A', 3],
  ['B', 2],
  ['C', 1],
]);
/** 7 / log2(2) + 3 / log2(3) + 1 / log2(4), by hand. */
const IDEAL = 7 + 1.8927892607 + 0.5;

describe('measures', () => {
  it.each([
    { found: ['A', 'B', 'C'], ndcg: 1 },
    { found: ['C', 'B', 'A'], ndcg: (1 + 1.8927892607 + 3.5) / IDEAL },
    { found: ['x', 'A'], ndcg: 4.416508275 / IDEAL },
    { found: ['x', 'y', 'z'], ndcg: 0 },
    { found: [], ndcg: 0 },
  ])('nDCG of $found', ({ found, ndcg: expected }) => {
    expect(ndcg(found, grades, 10)).toBeCloseTo(expected, 9);
  });

  it('does not count what comes after the depth, in the best order either', () => {
    expect(ndcg(['x', 'A'], grades, 1)).toBe(0);
    expect(ndcg(['A', 'x'], grades, 1)).toBe(1);
  });

  it('recalls products of grade 2 and 3', () => {
    expect(recall(['C', 'x', 'B'], grades, 20)).toBe(0.5);
    expect(recall(['C', 'x', 'B', 'A'], grades, 3)).toBe(0.5);
    expect(recall(['C', 'x', 'B', 'A'], grades, 4)).toBe(1);
  });

  it('ranks by the first product of grade 2 or 3', () => {
    expect(reciprocalRank(['C', 'x', 'B', 'A'], grades)).toBe(1 / 3);
    expect(reciprocalRank(['C', 'x'], grades)).toBe(0);
  });

  it('takes 10 places for nDCG and 20 for recall', () => {
    const others = Array.from({ length: 25 }, (_, index) => `x${index}`);
    const single = new Map([['A', 3]]);
    const at = (place: number) => measure(others.with(place - 1, 'A'), single);
    expect(at(10)).toEqual({
      ndcg: expect.closeTo(1 / Math.log2(11), 12),
      recall: 1,
      reciprocalRank: 1 / 10,
    });
    expect(at(11)).toEqual({ ndcg: 0, recall: 1, reciprocalRank: 1 / 11 });
    expect(at(20)).toEqual({ ndcg: 0, recall: 1, reciprocalRank: 1 / 20 });
    expect(at(21)).toEqual({ ndcg: 0, recall: 0, reciprocalRank: 1 / 21 });
  });
});

describe('bootstrap', () => {
  it('leaves no doubt where every query differs by the same', () => {
    expect(meanDifference([0.75, 1, 0.5], [0.5, 0.75, 0.25])).toEqual({ mean: 0.25, low: 0.25, high: 0.25 });
  });

  it('gives the interval that theory gives: the mean of 400 draws of -1 and 1 lies within ±1.96 / 20', () => {
    const one = Array.from({ length: 400 }, (_, index) => (index % 2 === 0 ? 1 : -1));
    const { mean, low, high } = meanDifference(
      one,
      one.map(() => 0),
    );
    expect(mean).toBe(0);
    expect(Math.abs(low + 0.098)).toBeLessThan(0.005);
    expect(Math.abs(high - 0.098)).toBeLessThan(0.005);
  });
});

const HEADER = 'kind\tquery\tjudgements';
const SKUS = new Set(['A', 'B', 'C-1']);

describe('judgements', () => {
  it('reads kind, query and grades, as spreadsheets write them too', () => {
    const expected = [
      {
        kind: 'use',
        query: 'cut a plank',
        grades: new Map([
          ['A', 3],
          ['C-1', 1],
        ]),
      },
      { kind: 'typo', query: 'hamer', grades: new Map([['B', 2]]) },
    ];
    const lines = [HEADER, 'use\tcut a plank\tA=3 C-1=1', 'typo\thamer\tB=2'];
    expect(parseJudgements(`${lines.join('\n')}\n`, SKUS)).toEqual(expected);
    expect(parseJudgements(`\ufeff${lines.join('\r\n')}\r\n`, SKUS)).toEqual(expected);
  });

  it.each([
    ['use\tsaw', 'Judgements, line 3: must have a kind, a query and judgements, by tabs.'],
    ['use\tsaw\tA=3\tB=2', 'Judgements, line 3: must have a kind, a query and judgements, by tabs.'],
    ['\tsaw\tA=3', 'Judgements, line 3: must have a kind, a query and judgements, by tabs.'],
    ['use\tfirst\tA=3', 'Judgements, line 3: "first" was judged before.'],
    ['use\tsaw\tA=4', 'Judgements, line 3: "A=4" is not SKU=grade with a grade of 1, 2 or 3.'],
    ['use\tsaw\tA', 'Judgements, line 3: "A" is not SKU=grade with a grade of 1, 2 or 3.'],
    ['use\tsaw\tZ=3', 'Judgements, line 3: no product has the SKU Z.'],
    ['use\tsaw\tA=3 A=1', 'Judgements, line 3: A is graded twice.'],
    [
      'use\tsaw\tA=1',
      'Judgements, line 3: one product at least must have a grade of 2 or 3, or nothing could be found.',
    ],
    [`use\t${'x'.repeat(501)}\tA=3`, 'Judgements, line 3: the query is longer than 500 characters.'],
  ])('names the line that is wrong: %s', (line, message) => {
    const text = [HEADER, 'use\tfirst\tA=3', line].join('\n');
    expect(() => parseJudgements(text, SKUS)).toThrow(new ValidationError(message));
  });

  it('wants a header, and lines below it', () => {
    expect(() => parseJudgements('use\tsaw\tA=3', SKUS)).toThrow(
      new ValidationError('Judgements must begin with the line "kind", "query", "judgements", by tabs.'),
    );
    expect(() => parseJudgements(HEADER, SKUS)).toThrow(
      new ValidationError('There are no judgements below their header.'),
    );
  });
});

describe('products', () => {
  it('reads columns in any order, quoted or not, with and without prices', () => {
    const rows = ['sku,type,category,name,description', 'A,Saws,Tools,Saw,"Cuts, mostly"'];
    const saw = { sku: 'A', name: 'Saw', category: 'Tools', type: 'Saws', description: 'Cuts, mostly' };
    expect(parseProducts(rows.join('\n'))).toEqual([{ ...saw, price: '0' }]);
    const priced = rows.map((row, index) => `${row},${index === 0 ? 'price' : '12.50'}`);
    expect(parseProducts(`\ufeff${priced.join('\r\n')}\r\n`)).toEqual([{ ...saw, price: '12.50' }]);
  });

  const header = 'sku,name,category,type,description,price';
  it.each([
    ['A 1,Saw,Tools,Saws,,1', 'Products, line 3: sku: must be 1 to 50 characters, without blanks and =.'],
    ['S-0,Saw,Tools,Saws,,1', 'Products, line 3: the SKU S-0 was there before.'],
    ['A,Saw,Tools,Saws,,$1', 'Products, line 3: price: must be like 12.50.'],
  ])('names the line that is wrong: %s', (line, message) => {
    expect(() => parseProducts([header, 'S-0,Saw,Tools,Saws,,1', line].join('\n'))).toThrow(
      new ValidationError(message),
    );
  });

  it('wants its columns, and lines below them', () => {
    expect(() => parseProducts('sku,name\nA,Saw')).toThrow(
      new ValidationError(
        'Products must begin with a line of column names; there is no category, type, description.',
      ),
    );
    expect(() => parseProducts(header)).toThrow(
      new ValidationError('There are no products below their header.'),
    );
  });
});

it('has judgements of the demo catalogue that name its products', async () => {
  const skus = new Set(demoProducts().map(({ sku }) => sku));
  expect(skus.size).toBe(445);
  expect(parseJudgements(await readFile('bench/search/demo.tsv', 'utf8'), skus)).toHaveLength(223);
});
