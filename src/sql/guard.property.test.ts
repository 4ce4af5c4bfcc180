import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createGuard, REFUSAL_CODES } from './guard.ts';

const guard = await createGuard({ relations: new Set(['retail.orders']), searchPath: ['retail'] });

const TOKENS =
  "SELECT FROM WHERE WITH AS ( ) [ ] , . ; * 'a' \"b\" $$ $1 -- /* */ E' 1 1e9 + - ^ :: regclass orders pg_class set_config lower UNION ALL RECURSIVE LATERAL VALUES CASE END JOIN ON \\ \0 é \n".split(
    ' ',
  );
const soup = fc.array(fc.constantFrom(...TOKENS), { maxLength: 40 }).map((tokens) => tokens.join(' '));
const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string(), soup);

/** Accepted statements over the one allowed table, each open at its end for a further expression or FROM item. */
const honest = fc.constantFrom(
  'SELECT total FROM orders',
  'SELECT o.total, rank() OVER (ORDER BY o.total) FROM retail.orders AS o',
  "WITH o AS (SELECT 'a;b' AS x, total FROM orders) SELECT x, total FROM o",
  'SELECT d FROM generate_series(1, 9) AS d, orders',
  'SELECT \'--\', $$/*$$, "order" FROM orders CROSS JOIN LATERAL (SELECT 1) AS l',
);

test('no text makes the guard throw, and every refusal has a known code and a place inside the text', () => {
  fc.assert(
    fc.property(text, (sql) => {
      const verdict = guard.check(sql);
      if (verdict.ok) return;
      expect(REFUSAL_CODES).toContain(verdict.code);
      expect(verdict.position ?? 0).toBeGreaterThanOrEqual(0);
      expect(verdict.position ?? 0).toBeLessThanOrEqual(sql.length);
    }),
    { numRuns: 3_000 },
  );
});

test('a hostile fragment turns any accepted statement into a refused one', () => {
  const hostile = fc.constantFrom(
    '; DROP TABLE orders',
    ' FOR UPDATE',
    ', pg_class',
    ', retail.customers',
    ", pg_ls_dir('/') AS p",
    " WHERE set_config('a', 'b', true) IS NULL",
    " WHERE 'pg_class'::regclass IS NULL",
    ' WHERE ctid IS NOT NULL',
    ' WHERE current_user IS NULL',
    ' WHERE EXISTS (SELECT FROM stores)',
    ' ORDER BY pg_sleep(1)',
    ' LIMIT $1',
    " UNION SELECT repeat('x', 1000000000)",
    '\0',
  );
  fc.assert(
    fc.property(honest, hostile, (sql, fragment) => {
      expect(guard.check(sql)).toMatchObject({ ok: true });
      expect(guard.check(sql + fragment)).toMatchObject({ ok: false });
    }),
    { numRuns: 200 },
  );
});

test('blanks and comments between tokens change no verdict', () => {
  const blank = fc.constantFrom(
    '  ',
    '\n',
    '\t\r\n',
    ' -- drop table\n',
    " /* it's ; ( */ ",
    '/* /* */ */',
    '\f',
  );
  const statement = fc.constantFrom(
    'SELECT total FROM orders WHERE total > 1',
    'WITH x AS ( SELECT * FROM orders ) SELECT * FROM x',
    'SELECT * FROM customers',
    'SELECT pg_sleep ( 1 ) FROM orders',
    "SELECT 'x' :: regclass",
  );
  fc.assert(
    fc.property(statement, fc.array(blank, { minLength: 20, maxLength: 20 }), (sql, blanks) => {
      const spread = sql.split(' ').reduce((left, right, i) => left + blanks[i % blanks.length] + right);
      const [plain, other] = [guard.check(sql), guard.check(spread)];
      const withoutPlace = { ...other, ...('position' in plain && { position: plain.position }) };
      expect(withoutPlace).toEqual(plain);
    }),
    { numRuns: 500 },
  );
});
