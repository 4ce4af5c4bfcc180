import { type AstNode, type AstValue, as, listOf, nameParts, textOf } from './ast.ts';
import { greatestOf } from './constants.ts';
import { words } from './functions.ts';

/**
 * Computations that go through all of one operand for each part of the other, and that PostgreSQL can't stop: neither
 * timeout nor cancel nor termination is heeded before the end. Measured on PostgreSQL 15: 200 kB searched for 100 kB
 * take 5 s, two arrays of 60,000 elements 12 s, and four times as long for twice the size.
 *
 * Harmless where one operand is short, as honest ones are, or where both are as the tables hold them. So they are refused
 * only in a statement which also makes long values, and where neither operand is written out.
 */
const PAIRWISE_FUNCTIONS: ReadonlySet<string> = new Set(
  words(`position strpos replace split_part string_to_array string_to_table translate btrim ltrim rtrim
    jsonb_contains jsonb_exists_any jsonb_exists_all ts_rank ts_rank_cd ts_headline
    word_similarity strict_word_similarity`),
);
const PAIRWISE_OPERATORS: ReadonlySet<string> = new Set(
  words('~~ ~~* !~~ !~~* && @> <@ ?| ?& <% %> <<% %>> <<-> <->> <<<-> <->>>'),
);

/** What makes one long value of many, or of a short one. */
const LENGTHENING_FUNCTIONS: ReadonlySet<string> = new Set(
  words(`array_agg string_agg json_agg json_agg_strict jsonb_agg jsonb_agg_strict json_object_agg json_object_agg_strict
    json_object_agg_unique json_object_agg_unique_strict jsonb_object_agg jsonb_object_agg_strict
    jsonb_object_agg_unique jsonb_object_agg_unique_strict range_agg repeat`),
);
/** So does what pads or puts more in the place of less, unless the argument at that place says otherwise. */
const PADDING_FUNCTIONS: ReadonlySet<string> = new Set(['lpad', 'rpad']);
const REPLACING_FUNCTIONS: ReadonlySet<string> = new Set(['replace', 'regexp_replace']);
/** What makes a value twice as long, and again when applied to that. */
const DOUBLING_FUNCTIONS: ReadonlySet<string> = new Set(
  words(`concat concat_ws format array_cat array_append array_prepend encode overlay jsonb_concat to_json to_jsonb row_to_json
    array_to_json json_build_array json_build_object jsonb_build_array jsonb_build_object jsonb_set jsonb_insert`),
);
/** So many of those a statement may have; 2 to the half of it on either side is not long yet. */
const DOUBLINGS = 10;
const SHORT = 100;

/** Characters or items of an operand that is written out; more than any where it is not. */
function lengthOf(value: AstValue | undefined): number {
  const constant = as('A_Const', value);
  if (constant !== undefined) return textOf(as('sval', constant)?.sval).length;
  const cast = as('TypeCast', value);
  if (cast !== undefined) return lengthOf(cast.arg);
  const array = as('A_ArrayExpr', value);
  if (array !== undefined) return total(array.elements, 1);
  const joined = as('A_Expr', value);
  if (nameParts(joined?.name).at(-1) === '||') return lengthOf(joined?.lexpr) + lengthOf(joined?.rexpr);
  const call = as('FuncCall', value);
  const name = nameParts(call?.funcname).at(-1) ?? '';
  if (SHORT_RESULTS.has(name)) return 1;
  return SAME_LENGTH.has(name) ? total(call?.args, 0) : Number.POSITIVE_INFINITY;
}

const SAME_LENGTH: ReadonlySet<string> = new Set(
  words('lower upper initcap like_escape to_tsquery plainto_tsquery phraseto_tsquery websearch_to_tsquery'),
);
/** Ranges, which hold two values whatever is in them. */
const SHORT_RESULTS: ReadonlySet<string> = new Set(
  words('daterange int4range int8range numrange tsrange tstzrange'),
);

function total(values: AstValue | undefined, each: number): number {
  return listOf(values).reduce<number>((sum, value) => sum + lengthOf(value) + each, 0);
}

function areBothLong(one: AstValue | undefined, other: AstValue | undefined): boolean {
  return one !== undefined && other !== undefined && Math.min(lengthOf(one), lengthOf(other)) > SHORT;
}

/** What one statement has of both kinds. */
export class Pairs {
  #doublings = 0;
  #lengthening: string | undefined;
  #pairwise: { readonly what: string; readonly fragment: AstNode } | undefined;

  /** The first computation over two long values, when the statement makes such. */
  get fault(): { readonly message: string; readonly fragment: AstNode } | undefined {
    if (this.#pairwise === undefined || this.#lengthening === undefined) return undefined;
    const { what, fragment } = this.#pairwise;
    const why = `${this.#lengthening} in the same statement may make both long, and PostgreSQL could not be stopped`;
    return {
      fragment,
      message: `${what}: one of the two operands must be written out, in at most ${SHORT} characters or items; ${why}.`,
    };
  }

  call(name: string, call: AstNode): void {
    const [one, other, third] = listOf(call.args);
    if (PAIRWISE_FUNCTIONS.has(name) && areBothLong(one, other))
      this.#pairwise ??= { what: `${name}(…)`, fragment: call };
    if (LENGTHENING_FUNCTIONS.has(name)) this.lengthen(name);
    if (PADDING_FUNCTIONS.has(name) && (greatestOf(other) ?? SHORT + 1) > SHORT) this.lengthen(name);
    if (REPLACING_FUNCTIONS.has(name) && lengthOf(third) > 1) this.lengthen(name);
    if (DOUBLING_FUNCTIONS.has(name)) this.#double(Math.max(1, listOf(call.args).length - 1));
  }

  operator(name: string, expression: AstNode): void {
    if (name === '||') this.#double(1);
    const { lexpr, rexpr } = expression;
    if (PAIRWISE_OPERATORS.has(name) && areBothLong(lexpr, rexpr))
      this.#pairwise ??= { what: `Operator ${name}`, fragment: expression };
  }

  /** `by` makes one long value of many, or of a short one. */
  lengthen(by: string): void {
    this.#lengthening ??= by;
  }

  #double(times: number): void {
    this.#doublings += times;
    if (this.#doublings > DOUBLINGS) this.lengthen('joining that many values');
  }
}
