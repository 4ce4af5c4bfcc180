import { type AstNode, type AstValue, as, greatestWithin, isNode, listOf, nameParts } from './ast.ts';
import type { GuardBounds } from './bounds.ts';
import {
  type Findings,
  greatestOf,
  literalText,
  mentionsNumberAbove,
  numberOf,
  secondsOfDate,
  secondsOfInterval,
} from './constants.ts';

/**
 * Functions that make much out of little, or that PostgreSQL cannot interrupt. Measured on PostgreSQL 15: one
 * `repeat('x', 1e9)` takes a gigabyte and outlives a 5 s statement_timeout by 2.5 s; one numeric power or factorial
 * with a large argument runs 0.2 to 0.4 s without looking at the timeout, once for every time it is written.
 *
 * A rule returns what is wrong, as the end of the sentence "name(…): …", or undefined. What has no rule because honest
 * queries live by it, and what stops it instead, is in `amplifiers.ts`.
 */
type ArgumentRule = (
  args: readonly AstValue[],
  bounds: GuardBounds,
  findings: Findings,
) => string | undefined;

/** A replacement longer than this turns every match into that much more text. */
const LONGEST_REPLACEMENT = 100;
const GREATEST_EXPONENT = 1_000;
const GREATEST_FACTORIAL = 170;
/** The step of a series whose ends are only known to the database: a year in minutes has 525,600 of them. */
const SHORTEST_STEP_SECONDS = 60;

/** Those whose result grows with their argument, and so must not get one that has been made large already. */
const MULTIPLIERS: ReadonlySet<string> = new Set(['repeat', 'replace', 'regexp_replace', 'format']);

function containsRepeat(args: readonly AstValue[], { repeats }: Findings): boolean {
  return greatestWithin(args, (node) => Number(isCallOfRepeat(node)), repeats) > 0;
}

function isCallOfRepeat({ FuncCall: call }: AstNode): boolean {
  return isNode(call) && nameParts(call.funcname).at(-1) === 'repeat';
}

const width: ArgumentRule = (args, bounds) => {
  const greatest = greatestOf(args[1]);
  if (greatest === undefined) return `the length must be a number or LEAST(…, ${bounds.textWidth})`;
  return greatest > bounds.textWidth ? `the length may be at most ${bounds.textWidth}` : undefined;
};

const replacement: ArgumentRule = (args) => {
  if (args.length < 3) return undefined;
  const text = literalText(args[2]);
  if (text === undefined)
    return 'the replacement must be a string literal; use || or concat to insert a value';
  return text.length > LONGEST_REPLACEMENT
    ? `the replacement may have at most ${LONGEST_REPLACEMENT} characters`
    : undefined;
};

const formatWidths: ArgumentRule = (args, bounds) => {
  const text = literalText(args[0]);
  if (text === undefined) return 'the format must be a string literal';
  if (/%(\d+\$)?-*\*/.test(text)) return 'a width of * is not allowed; write the number';
  const widths = [...text.matchAll(/%(?:\d+\$)?-*(\d+)/g)].map((match) => Number(match[1]));
  return widths.some((each) => each > bounds.textWidth)
    ? `a width may be at most ${bounds.textWidth}`
    : undefined;
};

/** Also the rule of the operator `^`. Growth rates such as (b / a) ^ (1.0 / years) must pass. */
export const exponent: ArgumentRule = (args, _bounds, findings) =>
  mentionsNumberAbove(args[1], GREATEST_EXPONENT, findings)
    ? `the exponent may be at most ${GREATEST_EXPONENT}`
    : undefined;

const factorial: ArgumentRule = (args) => {
  const greatest = greatestOf(args[0]);
  return greatest === undefined || greatest > GREATEST_FACTORIAL
    ? `the argument must be a number up to ${GREATEST_FACTORIAL}`
    : undefined;
};

const series: ArgumentRule = (args, bounds, findings) => {
  const [start, stop, step] = args;
  const seconds = secondsOfInterval(step);
  const isDates = step !== undefined && numberOf(step) === undefined;
  if (isDates && (seconds === undefined || seconds === 0)) {
    return "the step must be written out, such as INTERVAL '1 day'";
  }
  const [from, to] = isDates
    ? [secondsOfDate(start), secondsOfDate(stop)]
    : [numberOf(start), greatestOf(stop)];
  const by = Math.abs(isDates ? (seconds ?? 0) : (numberOf(step) ?? 1));
  if (from !== undefined && to !== undefined) {
    const steps = Math.abs(to - from) / by;
    return steps <= bounds.seriesLength
      ? undefined
      : `the series may have at most ${bounds.seriesLength} steps`;
  }
  if (isDates && by < SHORTEST_STEP_SECONDS)
    return 'the step must be at least a minute unless both ends are literals';
  // What the ends are worth only the database knows; a number written there must not be huge already.
  return [start, stop].some((end) => mentionsNumberAbove(end, bounds.seriesLength, findings)) ||
    (!isDates && by < 1)
    ? `numbers in the ends of the series may be at most ${bounds.seriesLength}, and its step at least 1`
    : undefined;
};

const ARGUMENT_RULES: ReadonlyMap<string, ArgumentRule> = new Map([
  ['repeat', width],
  ['lpad', width],
  ['rpad', width],
  ['replace', replacement],
  ['regexp_replace', replacement],
  ['format', formatWidths],
  ['power', exponent],
  ['pow', exponent],
  ['factorial', factorial],
  ['generate_series', series],
]);

/** What is wrong with the arguments of a call, or undefined. */
export function argumentFault(
  name: string,
  call: AstNode,
  bounds: GuardBounds,
  findings: Findings,
): string | undefined {
  const rule = ARGUMENT_RULES.get(name);
  if (rule === undefined) return undefined;
  const args = listOf(call.args);
  if (args.some((arg) => as('NamedArgExpr', arg) !== undefined)) return 'arguments must be given by place';
  if (call.func_variadic === true && name !== 'format') return 'VARIADIC is not allowed';
  if (MULTIPLIERS.has(name) && containsRepeat(args, findings))
    return 'it may not be applied to the result of repeat';
  return rule(args, bounds, findings);
}
