import type { EmbeddingPlan, MakingReport } from '../app/embedding-runs.ts';

const WHERE: Readonly<Record<EmbeddingPlan['set'], string>> = {
  serving: 'into the set that searches use',
  begun:
    'into a set that was begun before; searches use it once it is complete, and the one before until then',
  new: 'into a new set; searches use it once it is complete, and the one before, if any, until then',
};

const number = (value: number): string => value.toLocaleString('en');

/** What is to be made and what it costs, before it is. */
export function planText({ model, set, products, upToDate, tokens, cost }: EmbeddingPlan): string {
  const { provider, model: name, version, dimensions } = model;
  return [
    `Model: ${provider} ${name}, version ${version || '(none)'}, ${dimensions} dimensions.`,
    `Products: ${number(products)} to embed, ${number(upToDate)} up to date.`,
    `They go ${WHERE[set]}.`,
    `Estimated: ${number(tokens)} tokens, ${costText(cost)}.`,
  ].join('\n');
}

export function costText(cost: number | undefined): string {
  if (cost === undefined) return 'at a price that is not known';
  if (cost === 0) return 'which cost nothing';
  return cost < 0.01 ? 'less than $0.01' : `about $${cost.toFixed(2)}`;
}

/** What was made. */
export function reportText({ made, refused, upToDate, serves }: MakingReport, seconds: number): string {
  const refusals = refused === 0 ? '' : ` ${number(refused)} texts were refused by the model.`;
  return [
    `${number(made)} vectors were made in ${seconds.toFixed(1)} s, ${number(upToDate)} were up to date.${refusals}`,
    serves ? 'Searches use them.' : 'Searches do not use them yet: the set is not complete.',
  ].join('\n');
}

/** How to go on. Once its set serves, another run with --all would make everything anew. */
export function stoppedText({ serves }: MakingReport, isWhole: boolean): string {
  const again = isWhole && !serves ? 'aisle embed --all' : 'aisle embed';
  return `Stopped; what was made is kept. "${again}" goes on from there.`;
}

/** What was planned and made, for programs. */
export function embedJson(plan: EmbeddingPlan, report: MakingReport | undefined, seconds: number): string {
  const { model, set, products, upToDate, tokens, cost, isDone } = plan;
  const told = {
    ...model,
    set,
    products,
    up_to_date: upToDate,
    estimated_tokens: tokens,
    estimated_usd: cost ?? null,
    nothing_to_do: isDone,
    made: report?.made ?? 0,
    refused: report?.refused ?? 0,
    stopped: report?.isStopped ?? false,
    serves: report?.serves ?? (isDone && upToDate > 0),
    seconds: report === undefined ? 0 : Math.round(seconds * 10) / 10,
  };
  return JSON.stringify(told, null, 2);
}
