import type { Figures } from '../report.ts';
import { mean, meanDifference } from './bootstrap.ts';
import type { JudgedQuery } from './judgements.ts';
import { type Measures, measure } from './measures.ts';
import type { Searcher } from './searchers.ts';

const ROWS = 20;

/** What one searcher made of the judged queries, in their order. */
export interface Result {
  readonly searcher: string;
  readonly queries: readonly (JudgedQuery & {
    readonly found: readonly string[];
    readonly measures: Measures;
  })[];
}

export async function ask(searcher: Searcher, judged: readonly JudgedQuery[]): Promise<Result> {
  const queries = [];
  for (const query of judged) {
    const found = await searcher.search(query.query, ROWS);
    queries.push({ ...query, found, measures: measure(found, query.grades) });
  }
  return { searcher: searcher.name, queries };
}

/** The queries with odd numbers, on which search may be tuned, and those with even numbers, which are held out. */
const HALVES: Readonly<Record<string, (place: number) => boolean>> = {
  'all queries': () => true,
  'tuned on (odd)': (place) => place % 2 === 0,
  'held out (even)': (place) => place % 2 === 1,
};

/** Rows of a table for each half, and of both: what each searcher reaches on average. */
export function averages(results: readonly Result[]): Readonly<Record<string, Record<string, Figures>>> {
  return Object.fromEntries(
    Object.entries(HALVES).map(([half, isIn]) => [
      half,
      Object.fromEntries(
        results.map(({ searcher, queries }) => {
          const measures = queries.filter((_, place) => isIn(place)).map((query) => query.measures);
          return [
            searcher,
            {
              'nDCG@10': rounded(mean(measures.map(({ ndcg }) => ndcg))),
              'recall@20': rounded(mean(measures.map(({ recall }) => recall))),
              MRR: rounded(mean(measures.map(({ reciprocalRank }) => reciprocalRank))),
              queries: measures.length,
            },
          ];
        }),
      ),
    ]),
  );
}

/** nDCG@10 of each searcher, by kind of query. */
export function byKind(results: readonly Result[]): Readonly<Record<string, Figures>> {
  const kinds = new Set(results.flatMap(({ queries }) => queries.map(({ kind }) => kind)));
  return Object.fromEntries(
    [...kinds].map((kind) => [
      kind,
      Object.fromEntries(
        results.map(({ searcher, queries }) => [
          searcher,
          rounded(mean(queries.filter((query) => query.kind === kind).map(({ measures }) => measures.ndcg))),
        ]),
      ),
    ]),
  );
}

/** By how much `one` is better than `other` in each measure, with 95 % intervals, on both halves and each. */
export function difference(one: Result, other: Result): Readonly<Record<string, Figures>> {
  return Object.fromEntries(
    Object.entries(HALVES).map(([half, isIn]) => {
      const told = (of: (measures: Measures) => number) => {
        const values = ({ queries }: Result) =>
          queries.filter((_, place) => isIn(place)).map(({ measures }) => of(measures));
        const { mean: middle, low, high } = meanDifference(values(one), values(other));
        return `${signed(middle)} (${signed(low)} to ${signed(high)})`;
      };
      return [
        `${one.searcher} - ${other.searcher}, ${half}`,
        {
          'nDCG@10': told(({ ndcg }) => ndcg),
          'recall@20': told(({ recall }) => recall),
          MRR: told(({ reciprocalRank }) => reciprocalRank),
        },
      ];
    }),
  );
}

/** What was found for each query of the half that search may be tuned on. The other half stays unseen, or it would be tuned on too. */
export function tunedOn(results: readonly Result[]) {
  return results.map(({ searcher, queries }) => ({
    searcher,
    queries: queries
      .filter((_, place) => place % 2 === 0)
      .map(({ kind, query, grades, found, measures }) => ({
        kind,
        query,
        'nDCG@10': rounded(measures.ndcg),
        found: found.slice(0, 10).map((sku) => `${sku}=${grades.get(sku) ?? 0}`),
        missed: [...grades].filter(([sku]) => !found.includes(sku)).map(([sku, grade]) => `${sku}=${grade}`),
      })),
  }));
}

const rounded = (value: number): number => Math.round(value * 1000) / 1000;
const signed = (value: number): string => `${value < 0 ? '' : '+'}${value.toFixed(3)}`;
