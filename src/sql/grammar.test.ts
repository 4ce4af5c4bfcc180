import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { NODE_RULES } from './node-rules.ts';
import { NODE_SHAPES, REFUSED_FIELDS } from './node-shapes.ts';
import { REFUSED_NODES } from './refused-nodes.ts';

/**
 * Closes: syntax that a new version of the parser brings and nobody has judged. The parser's own definitions, generated
 * from PostgreSQL's, are held against the lists: each type and each field of an allowed type must be named once.
 */
const require = createRequire(import.meta.url);
const definitions = readFileSync(require.resolve('@pgsql/types/types.d.ts'), 'utf8');

/** Node type -> field -> its type in the definitions. */
const GRAMMAR: ReadonlyMap<string, ReadonlyMap<string, string>> = new Map(
  [...definitions.matchAll(/^export interface (\w+) \{([^}]*)\}/gm)].map(([, name = '', body = '']) => [
    name,
    new Map([...body.matchAll(/^ *(\w+)\?: (.+);$/gm)].map(([, field = '', type = '']) => [field, type])),
  ]),
);
const refused = Object.values(REFUSED_NODES).flatMap((names) => names.trim().split(/\s+/));

test('the definitions were understood', () => {
  expect(GRAMMAR.get('A_Indirection')).toEqual(
    new Map([
      ['arg', 'Node'],
      ['indirection', 'Node[]'],
    ]),
  );
  expect(definitions.match(/^export interface/gm)).toHaveLength(GRAMMAR.size);
});

test('every node type of the grammar is allowed or refused by name, and none twice', () => {
  const named = [...NODE_SHAPES.keys(), ...refused];
  expect({ unnamed: [...GRAMMAR.keys()].filter((type) => !named.includes(type)) }).toEqual({ unnamed: [] });
  expect({ gone: named.filter((type) => !GRAMMAR.has(type)) }).toEqual({ gone: [] });
  expect({ twice: named.filter((type, at) => named.indexOf(type) !== at) }).toEqual({ twice: [] });
});

test('a rule stands for an allowed type only', () => {
  expect([...NODE_RULES.keys()].filter((type) => !NODE_SHAPES.has(type))).toEqual([]);
});

test('as many as docs/sql-guard.md says', () => {
  const text = readFileSync(new URL('../../docs/sql-guard.md', import.meta.url), 'utf8');
  const plain = NODE_SHAPES.size - NODE_RULES.size;
  const counts = `${GRAMMAR.size} node types: ${plain} allowed, ${NODE_RULES.size} allowed with a rule, ${refused.length} refused`;
  expect(text.replaceAll(/\s+/g, ' ')).toContain(counts);
});

test.each([...NODE_SHAPES])('every field of %s is named, and is what the list says', (type, shape) => {
  const fields = GRAMMAR.get(type) ?? new Map<string, string>();
  const closed = REFUSED_FIELDS.get(type) ?? new Set();
  const unnamed = [...fields.keys()].filter((field) => !shape.has(field) && !closed.has(field));
  expect({ unnamed }).toEqual({ unnamed: [] });
  expect([...closed].filter((field) => !fields.has(field) || shape.has(field))).toEqual([]);
  const mistaken = [...shape].filter(([field, kind]) => {
    const defined = fields.get(field);
    if (field === 'location') return false;
    if (kind.is === 'node') return defined !== 'Node' && defined !== 'Node[]';
    if (kind.is === 'typed') return defined !== kind.type;
    const holdsNodes = defined === 'Node[]' || (defined !== undefined && GRAMMAR.has(defined));
    return defined === undefined || holdsNodes !== (kind.is === 'read');
  });
  expect(mistaken).toEqual([]);
});

test('what holds nodes and is not walked is read by a rule, or is a constant, bounds of an array or WITH', () => {
  const read = [...NODE_SHAPES].flatMap(([type, shape]) =>
    [...shape].filter(([, kind]) => kind.is === 'read').map(([field]) => `${type}.${field}`),
  );
  const notByRule = read.filter((name) => !NODE_RULES.has(name.slice(0, name.indexOf('.'))));
  expect(notByRule).toEqual([
    'SelectStmt.withClause',
    ...['ival', 'fval', 'boolval', 'sval', 'bsval'].map((field) => `A_Const.${field}`),
  ]);
});
