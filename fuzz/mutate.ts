import type { Random } from '../src/demo/random.ts';
import type { Grammar, Part } from './grammar.ts';
import { afterGroup, textOf, tokensOf } from './tokens.ts';

const LONGEST = 400;

const PARTS = ['expression', 'condition', 'from', 'window', 'literal', 'statement'] as const;
const NAMES = ['column', 'function', 'alias', 'relation', 'readable', 'type', 'schema'] as const;

/** A token of the same sort: a name for a name, an operator for an operator. */
function another(token: string, random: Random, grammar: Grammar): string {
  let symbol: Part = 'literal';
  if (/^[A-Z]+$/.test(token)) return token;
  if (/^["a-z_]/.test(token)) symbol = random.pick(NAMES);
  else if (/^\d/.test(token)) symbol = 'number';
  else if (/^[-+*/<>=~!@#%^&|`?]/.test(token)) symbol = 'operator';
  return grammar.expand(symbol);
}

/** The place of an operand: a parenthesis with what it holds, a name or a literal. */
function someOperand(tokens: readonly string[], random: Random): readonly [from: number, to: number] {
  const starts = tokens.flatMap((token, i) =>
    /^[('"$\da-z_]/.test(token) && tokens[i - 1] !== '.' ? [i] : [],
  );
  const from = starts[random.between(0, starts.length - 1)] ?? 0;
  const to = tokens[from] === '(' ? afterGroup(tokens, from) : undefined;
  return [from, to ?? from + 1];
}

/** What the statement itself calls columns, or might: `o.status`, `total_amount`. */
function columnsOf(tokens: readonly string[]): string[] {
  const isName = (token: string | undefined) => /^["a-z_]/.test(token ?? '');
  return tokens.flatMap((token, i) => {
    if (!isName(token) || tokens[i + 1] === '(' || tokens[i - 1] === '.') return [];
    return tokens[i + 1] === '.' && isName(tokens[i + 2]) ? [`${token}.${tokens[i + 2]}`] : [token];
  });
}

type Mutation = (tokens: string[], other: readonly string[], random: Random, grammar: Grammar) => void;

const MUTATIONS: readonly [Mutation, ...Mutation[]] = [
  function replace(tokens, _other, random, grammar) {
    const at = random.between(0, tokens.length - 1);
    tokens[at] = another(tokens[at] ?? '', random, grammar);
  },
  function insert(tokens, other, random) {
    tokens.splice(random.between(0, tokens.length), 0, random.pick(['(', ')', ',', '.', '*', ...other]));
  },
  function remove(tokens, _other, random) {
    tokens.splice(random.between(0, tokens.length - 1), random.between(1, 3));
  },
  function repeatOperand(tokens, _other, random) {
    const [from, to] = someOperand(tokens, random);
    tokens.splice(to, 0, ',', ...tokens.slice(from, to));
  },
  function splice(tokens, other, random) {
    const [from, to] = someOperand(tokens, random);
    tokens.splice(from, to - from, ...other.slice(...someOperand(other, random)));
  },
  function grow(tokens, _other, random, grammar) {
    const [from, to] = someOperand(tokens, random);
    tokens.splice(
      from,
      to - from,
      ...tokensOf(grammar.expand(random.pick(PARTS), random.between(0, 5), columnsOf(tokens))),
    );
  },
  function select(tokens, _other, random, grammar) {
    const at = tokens.flatMap((token, i) => (token === 'SELECT' ? [i + 1] : []));
    const from = at[random.between(0, at.length - 1)];
    if (from !== undefined)
      tokens.splice(
        from,
        0,
        ...tokensOf(grammar.expand('expression', random.between(0, 5), columnsOf(tokens))),
        ',',
      );
  },
  function join(tokens, _other, random, grammar) {
    const at = tokens.flatMap((token, i) => (token === 'FROM' ? [i + 1] : []));
    const from = at[random.between(0, at.length - 1)];
    if (from !== undefined)
      tokens.splice(from, 0, ...tokensOf(grammar.expand('from', random.between(0, 4))), ',');
  },
  function wrap(tokens, other, random) {
    const [before, after] = random.pick([
      ['SELECT * FROM (', ') AS t'],
      ['WITH x AS (', ') SELECT * FROM x'],
      ['SELECT EXISTS (', ')'],
      ['WITH orders AS (', `) ${textOf(other)}`],
      ['(', `) UNION ALL (${textOf(other)})`],
    ]);
    tokens.splice(0, tokens.length, ...tokensOf(before ?? ''), ...tokens, ...tokensOf(after ?? ''));
  },
];

/** One to four changes to a statement; `other` gives material. */
export function mutated(sql: string, other: string, random: Random, grammar: Grammar): string {
  const [tokens, material] = [tokensOf(sql), tokensOf(other)];
  const rounds = random.chance(0.6) ? 1 : random.between(2, 4);
  for (let round = 0; round < rounds && tokens.length < LONGEST; round++) {
    if (tokens.length > 0 && material.length > 0) random.pick(MUTATIONS)(tokens, material, random, grammar);
  }
  return textOf(tokens);
}

/** The shortest text found, by leaving out tokens, of which `holds` still holds. Asks at most `attempts` times. */
export async function shrunk(
  sql: string,
  holds: (sql: string) => Promise<boolean>,
  attempts = 400,
): Promise<string> {
  let tokens = tokensOf(sql);
  if (!(await holds(textOf(tokens)))) return sql;
  let left = attempts;
  for (let size = Math.ceil(tokens.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < tokens.length && left > 0; left--) {
      const shorter = tokens.toSpliced(at, size);
      if (await holds(textOf(shorter))) tokens = shorter;
      else at += size;
    }
  }
  return textOf(tokens);
}
