import { type AstNode, type AstValue, as, greatestWithin, isNode, listOf, nameParts, textOf } from './ast.ts';

/** What has been found out about the nodes of one statement, so that it is found out once. */
export interface Findings {
  /** What an expression is worth. */
  readonly values: Map<AstValue | undefined, number | undefined>;
  /** The greatest number and the most calls of `repeat` within. */
  readonly numbers: Map<AstValue, number>;
  readonly repeats: Map<AstValue, number>;
}

export function noFindings(): Findings {
  return { values: new Map(), numbers: new Map(), repeats: new Map() };
}

/**
 * What an expression comes to, about, when the text alone tells. PostgreSQL computes by the operands' types, which are not
 * known here (1 / 2 is 0, and 0.5 if one of them is numeric), so this may refuse a statement and never allow one.
 */
function estimateOf(value: AstValue | undefined, known: Findings['values'] = new Map()): number | undefined {
  const constant = as('A_Const', value);
  if (constant !== undefined) return constantNumber(constant);
  const cast = as('TypeCast', value);
  const expression = as('A_Expr', value);
  if (cast === undefined && expression === undefined) return undefined;
  if (known.has(value)) return known.get(value);
  let number: number | undefined;
  if (expression !== undefined)
    number = computed(expression, OPERATIONS, (operand) => estimateOf(operand, known));
  else if (isNumeric(cast?.typeName)) number = estimateOf(cast?.arg, known);
  known.set(value, number);
  return number;
}

/** Other casts change what a number is worth: `(-1)::bit(20)::int` is 1,048,575. */
const NUMERIC_TYPES: ReadonlySet<string> = new Set(['int2', 'int4', 'int8', 'numeric', 'float4', 'float8']);

function isNumeric(typeName: AstValue | undefined): boolean {
  const names = nameParts(isNode(typeName) ? typeName.names : undefined);
  return NUMERIC_TYPES.has(names.at(-1) ?? '');
}

function constantNumber(constant: AstNode): number | undefined {
  if (isNode(constant.ival)) return Number(constant.ival.ival ?? 0);
  if (isNode(constant.fval)) return Number(textOf(constant.fval.fval).replaceAll('_', ''));
  if (!isNode(constant.sval)) return undefined;
  const text = textOf(constant.sval.sval).trim();
  if (/^[+-]?inf(inity)?$/i.test(text)) return Number.POSITIVE_INFINITY;
  const number = Number(text.replaceAll('_', ''));
  return text === '' || Number.isNaN(number) ? undefined : number;
}

type Operations = ReadonlyMap<string, (left: number, right: number) => number | undefined>;

const WHOLE_OPERATIONS: Operations = new Map([
  ['+', (left, right) => left + right],
  ['-', (left, right) => left - right],
  ['*', (left, right) => left * right],
]);
const OPERATIONS: Operations = new Map([
  ...WHOLE_OPERATIONS,
  ['/', (left, right) => (right === 0 ? undefined : left / right)],
  ['^', (left, right) => left ** right],
]);

/** Undefined where an operand or the operation is: @ and ~ make a large number of a negative one. */
function computed(
  expression: AstNode,
  operations: Operations,
  worth: (operand: AstValue | undefined) => number | undefined,
): number | undefined {
  if (expression.kind !== 'AEXPR_OP') return undefined;
  const operation = operations.get(nameParts(expression.name).at(-1) ?? '');
  const right = worth(expression.rexpr);
  const left = expression.lexpr === undefined ? 0 : worth(expression.lexpr); // -x is 0 - x
  return left === undefined || right === undefined ? undefined : operation?.(left, right);
}

/**
 * What an expression is worth when the text alone tells: a number, or a sum, difference or product of whole ones that
 * JavaScript computes exactly. PostgreSQL computes the same, of whatever type they are, or overflows.
 */
export function numberOf(value: AstValue | undefined): number | undefined {
  const constant = as('A_Const', value);
  if (constant !== undefined) return constantNumber(constant);
  const cast = as('TypeCast', value);
  if (cast !== undefined) return isWholeType(cast.typeName) ? whole(numberOf(cast.arg)) : undefined;
  const expression = as('A_Expr', value);
  if (expression === undefined) return undefined;
  return whole(computed(expression, WHOLE_OPERATIONS, (operand) => whole(numberOf(operand))));
}

function whole(number: number | undefined): number | undefined {
  return Number.isSafeInteger(number) ? number : undefined;
}

/** Casts to these leave a whole number what it is. `numeric(9, -3)` rounds it, and float4 keeps 24 bits of it. */
const WHOLE_TYPES: ReadonlySet<string> = new Set(['int2', 'int4', 'int8', 'numeric', 'float8']);

function isWholeType(typeName: AstValue | undefined): boolean {
  const names = nameParts(isNode(typeName) ? typeName.names : undefined);
  const isPlain = isNode(typeName) && typeName.typmods === undefined;
  return isPlain && WHOLE_TYPES.has(names.at(-1) ?? '');
}

/**
 * The most that an expression can be worth: a constant, or LEAST(…) with a number among its arguments. With a number
 * written as such: LEAST('5', '1000000') compares texts, and there the million is the less.
 */
export function greatestOf(value: AstValue | undefined): number | undefined {
  const cast = as('TypeCast', value);
  if (cast !== undefined) return isWholeType(cast.typeName) ? whole(greatestOf(cast.arg)) : undefined;
  const least = as('MinMaxExpr', value);
  if (least === undefined || least.op !== 'IS_LEAST') return numberOf(value);
  const known = listOf(least.args).flatMap((argument) => plainNumber(argument) ?? []);
  return known.length === 0 ? undefined : Math.min(...known);
}

function plainNumber(value: AstValue): number | undefined {
  const constant = as('A_Const', value);
  return constant === undefined || constant.sval !== undefined ? undefined : constantNumber(constant);
}

/** Whether any number written inside the expression, or about what is computed from such alone, is larger in size than the limit. */
export function mentionsNumberAbove(
  value: AstValue | undefined,
  limit: number,
  { values, numbers }: Findings,
): boolean {
  return greatestWithin(value, (node) => Math.abs(estimateOf(node, values) ?? 0), numbers) > limit;
}

/** The text of a string literal, cast or not. */
export function literalText(value: AstValue | undefined): string | undefined {
  const cast = as('TypeCast', value);
  if (cast !== undefined) return literalText(cast.arg);
  const constant = as('A_Const', value);
  return isNode(constant?.sval) ? textOf(constant.sval.sval) : undefined;
}

const DATE = /^(\d{4,6})-(\d\d?)-(\d\d?)(?:[ T]\d\d?:\d\d(?::\d\d(?:\.\d+)?)?)? ?(?:Z|[+-]\d\d(?::?\d\d)?)?$/;

/** Seconds since 1970, to a day or so, of a literal that is a date or a time of one. `2024-01-01 BC` is another. */
export function secondsOfDate(value: AstValue | undefined): number | undefined {
  const text = literalText(value)?.trim() ?? '';
  const date = /^(\d{4})(\d\d)(\d\d)$/.exec(text) ?? DATE.exec(text);
  if (date === null) return undefined;
  const [year, month, day] = date.slice(1).map(Number) as [number, number, number];
  return (year - 1970) * 31_556_952 + (month - 1) * 2_629_746 + (day - 1) * 86_400;
}

/** By all the names that analysts write; PostgreSQL knows more. */
const UNITS: readonly (readonly [names: string, seconds: number])[] = [
  ['millennium millenniums millennia', 31_556_952_000],
  ['century centuries', 3_155_695_200],
  ['decade decades', 315_569_520],
  ['year years yr yrs y', 31_556_952],
  ['quarter quarters', 7_889_238],
  ['month months mon mons', 2_629_746],
  ['week weeks w', 604_800],
  ['day days d', 86_400],
  ['hour hours hr hrs h', 3_600],
  ['minute minutes min mins m', 60],
  ['second seconds sec secs s', 1],
  ['millisecond milliseconds ms', 0.001],
  ['microsecond microseconds us', 0.000_001],
];
const UNIT_SECONDS: ReadonlyMap<string, number> = new Map(
  UNITS.flatMap(([names, seconds]) => names.split(' ').map((name): [string, number] => [name, seconds])),
);

// INTERVAL '1' DAY and the like: what `typmods` holds for a single field (datetime.h, INTERVAL_MASK).
const FIELD_SECONDS: ReadonlyMap<number, number> = new Map([
  [4, 31_556_952],
  [2, 2_629_746],
  [8, 86_400],
  [1024, 3_600],
  [2048, 60],
  [4096, 1],
]);

const LONGEST_INTERVAL = 200;

/** The length of a literal interval such as '1 day', '2 weeks', 'month', '01:30' or INTERVAL '1' DAY. */
export function secondsOfInterval(value: AstValue | undefined): number | undefined {
  const text = literalText(value)?.trim().toLowerCase();
  if (text === undefined || text.length > LONGEST_INTERVAL) return undefined;
  if (/^[+-]?\d+$/.test(text)) return Number(text) * fieldSeconds(value);
  const parts: number[] = [];
  let count = 1;
  for (const word of text.split(/\s+|(?<=\d)(?=[a-z])/)) {
    const clock = /^(\d+):(\d\d)(?::(\d\d))?$/.exec(word);
    const unit = UNIT_SECONDS.get(word);
    if (clock !== null) {
      parts.push(Number(clock[1]) * 3_600 + Number(clock[2]) * 60 + Number(clock[3] ?? 0));
    } else if (/^[+-]?\d+(\.\d+)?$/.test(word)) {
      count = Number(word);
    } else if (unit !== undefined) {
      parts.push(count * unit);
      count = 1;
    } else {
      return undefined;
    }
  }
  // A month less 30 days is a day, none, or less than that.
  const isMixed = parts.some((part) => part < 0) && parts.some((part) => part > 0);
  return isMixed ? undefined : parts.reduce((sum, part) => sum + part, 0);
}

function fieldSeconds(interval: AstValue | undefined): number {
  const typeName = as('TypeCast', interval)?.typeName;
  const field = numberOf(listOf(isNode(typeName) ? typeName.typmods : undefined)[0]);
  return FIELD_SECONDS.get(field ?? 4096) ?? 1;
}
