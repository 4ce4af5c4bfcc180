/**
 * The parse tree as libpg-query prints it. Where the grammar says "some node", a node is wrapped in its type,
 * `{ ColumnRef: {…} }`; where the type is fixed by the field, it is bare. Zero, false and empty are left out.
 */
export interface AstNode {
  readonly [field: string]: AstValue | undefined;
}
export type AstValue = string | number | boolean | null | AstNode | readonly AstValue[];

export function isNode(value: AstValue | undefined): value is AstNode {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function listOf(value: AstValue | undefined): readonly AstValue[] {
  return Array.isArray(value) ? value : [];
}

/** The fields of a wrapped node when it is of this type. */
export function as(type: string, value: AstValue | undefined): AstNode | undefined {
  if (!isNode(value)) return undefined;
  const fields = value[type];
  return isNode(fields) ? fields : undefined;
}

/** A dotted name: `a.b.*` is `['a', 'b', '*']`. */
export function nameParts(value: AstValue | undefined): readonly string[] {
  return listOf(value).map((part) => {
    const text = as('String', part);
    return text === undefined ? '*' : textOf(text.sval);
  });
}

export function textOf(value: AstValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** Every wrapped or bare node below and including `value`, in no promised order. */
export function* nodesWithin(value: AstValue | undefined): Generator<AstNode> {
  const pending: AstValue[] = value === undefined ? [] : [value];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (typeof next !== 'object' || next === null) continue;
    if (isNode(next)) yield next;
    for (const child of Object.values(next))
      if (typeof child === 'object' && child !== null) pending.push(child);
  }
}

/**
 * The greatest of what `measure` says about the nodes below and including a value; 0 without any. `known`
 * remembers each node, because rules of calls in one another ask about the same nodes again: without it, 16 kB of
 * powers within powers took half a second. (Not a WeakMap: those make a garbage collection as slow.)
 */
export function greatestWithin(
  value: AstValue | undefined,
  measure: (node: AstNode) => number,
  known: Map<AstValue, number>,
): number {
  if (typeof value !== 'object' || value === null) return 0;
  const before = known.get(value);
  if (before !== undefined) return before;
  let greatest = isNode(value) ? measure(value) : 0;
  for (const child of Object.values(value)) {
    const inner = greatestWithin(child, measure, known);
    // Not Math.max: a NaN must not hide a larger number beside it.
    if (inner > greatest || Number.isNaN(greatest)) greatest = inner;
  }
  known.set(value, greatest);
  return greatest;
}
