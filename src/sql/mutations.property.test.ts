import { expect, test } from 'vitest';
import { READABLE_TABLES, SEARCH_PATH } from '../data/tables.ts';
import { nodesWithin } from './ast.ts';
import { createGuard, type RefusalCode } from './guard.ts';
import { createParser } from './parser.ts';
import { ACCEPTED } from './testing/accepted.ts';

/**
 * Closes: a hostile expression in place of a harmless one, anywhere in a statement that is known to pass. Every number that
 * the accepted statements contain, and every plain column, is such a place.
 */
const HOSTILE: readonly (readonly [expression: string, code: RefusalCode])[] = [
  ['(SELECT pg_sleep(1))', 'SQL_FUNCTION_NOT_ALLOWED'],
  ['(SELECT 1 FROM pg_authid)', 'SQL_TABLE_NOT_ALLOWED'],
  ["(SELECT 'x'::regproc)", 'SQL_TYPE_NOT_ALLOWED'],
  ['(SELECT ctid)', 'SQL_COLUMN_NOT_ALLOWED'],
  ["(SELECT ('x'::text).lo_import)", 'SQL_FIELD_NOT_ALLOWED'],
  ['(SELECT factorial(171))', 'SQL_ARGUMENT_NOT_ALLOWED'],
  ['(SELECT 1 FOR UPDATE)', 'SQL_LOCKING_NOT_ALLOWED'],
  ['(SELECT $7)', 'SQL_PARAMETER_NOT_ALLOWED'],
  ['(SELECT 1 OPERATOR(evil.=) 1)', 'SQL_OPERATOR_NOT_ALLOWED'],
  ['(SELECT xmlelement(name a))', 'SQL_CONSTRUCT_NOT_ALLOWED'],
];

const guard = await createGuard({ relations: new Set(READABLE_TABLES), searchPath: SEARCH_PATH });
const parser = await createParser();

interface Place {
  readonly before: string;
  readonly after: string;
}

/** Where a number or a bare column stands, and the text on either side. */
function placesIn(sql: string): Place[] {
  const bytes = Buffer.from(sql);
  return [...nodesWithin(parser.parse(sql))].flatMap((node) => {
    const leaf = node.A_Const ?? node.ColumnRef;
    if (typeof leaf !== 'object' || leaf === null || !('location' in leaf)) return [];
    const before = bytes.subarray(0, Number(leaf.location)).toString();
    const rest = sql.slice(before.length);
    const [word] = /^\d+(?![\w.])|^[a-z]\w*(?![\w.(])/.exec(rest) ?? [];
    if (word === undefined) return [];
    return [{ before, after: rest.slice(word.length) }];
  });
}

/** Those where a subquery may stand at all, as neither the grammar nor a rule about arguments allows it everywhere. */
const PLACES = ACCEPTED.flatMap(({ statements }) => statements)
  .flatMap(placesIn)
  .filter(({ before, after }) => guard.check(`${before}(SELECT 1)${after}`).ok);

test('there are enough places', () => {
  expect(PLACES.length).toBeGreaterThan(1_000);
});

test.each(HOSTILE)(
  '%s in any place of any accepted statement is refused for what it is, where it is',
  (hostile, code) => {
    for (const { before, after } of PLACES) {
      const verdict = guard.check(`${before}${hostile}${after}`);
      expect(verdict).toMatchObject({ ok: false, code });
      const position = verdict.ok ? -1 : (verdict.position ?? -1);
      expect(position).toBeGreaterThanOrEqual(before.length);
      expect(position).toBeLessThan(before.length + hostile.length);
    }
  },
);
