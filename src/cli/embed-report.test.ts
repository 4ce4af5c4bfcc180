import { expect, it } from 'vitest';
import type { EmbeddingPlan } from '../app/embedding-runs.ts';
import { costText, embedJson, planText, reportText, stoppedText } from './embed-report.ts';

const PLAN: EmbeddingPlan = {
  model: { provider: 'openai', model: 'text-embedding-3-small', version: '1', dimensions: 1536 },
  ...{ set: 'new', products: 12_000, upToDate: 3, tokens: 400_000, cost: 0.25, isDone: false },
};
const REPORT = { made: 11_000, refused: 2, upToDate: 3, serves: false, isStopped: true };

it('what is to be made is told with its model, its number, its place and its price', () => {
  expect(planText(PLAN)).toBe(`Model: openai text-embedding-3-small, version 1, 1536 dimensions.
Products: 12,000 to embed, 3 up to date.
They go into a new set; searches use it once it is complete, and the one before, if any, until then.
Estimated: 400,000 tokens, about $0.25.`);
});

it.each([
  [undefined, 'at a price that is not known'],
  [0, 'which cost nothing'],
  [0.0099, 'less than $0.01'],
  [0.01, 'about $0.01'],
  [12.345, 'about $12.35'],
])('a price of %s is told as "%s"', (cost, text) => {
  expect(costText(cost)).toBe(text);
});

it('what was made is told for a person', () => {
  expect(
    reportText(REPORT, 1.26),
  ).toBe(`11,000 vectors were made in 1.3 s, 3 were up to date. 2 texts were refused by the model.
Searches do not use them yet: the set is not complete.`);
});

it.each([
  [false, false, 'aisle embed'],
  [true, false, 'aisle embed --all'],
  [true, true, 'aisle embed'],
])('a run that was stopped goes on: all %s, serving %s', (isWhole, serves, command) => {
  expect(stoppedText({ ...REPORT, serves }, isWhole)).toBe(
    `Stopped; what was made is kept. "${command}" goes on from there.`,
  );
});

it('and for a program', () => {
  const told = { ...PLAN.model, set: 'new', products: 12_000, up_to_date: 3, estimated_tokens: 400_000 };
  expect(JSON.parse(embedJson(PLAN, REPORT, 1.26))).toEqual({
    ...{ ...told, estimated_usd: 0.25, nothing_to_do: false },
    ...{ made: 11_000, refused: 2, stopped: true, serves: false, seconds: 1.3 },
  });
  const done: EmbeddingPlan = { ...PLAN, set: 'serving', products: 0, cost: undefined, isDone: true };
  expect(JSON.parse(embedJson(done, undefined, 1.26))).toEqual({
    ...{ ...told, set: 'serving', products: 0, estimated_usd: null, nothing_to_do: true },
    ...{ made: 0, refused: 0, stopped: false, serves: true, seconds: 0 },
  });
});
