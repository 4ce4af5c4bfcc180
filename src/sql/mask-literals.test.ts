/** Threat: names, addresses and numbers that a query quotes end in a log. Closed here: none of its literals is kept. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskLiterals } from './mask-literals.ts';

it.each([
  [
    "SELECT * FROM orders WHERE status = 'sent' AND total > 12.50",
    'SELECT * FROM orders WHERE status = $1 AND total > $2',
  ],
  ["SELECT 'it''s', E'a\\'b', $q$c$q$, U&'d'", 'SELECT $1, $2, $3, U&$4'],
  ['SELECT a -- of Ann Smith\n, b /* and /* her */ card */ FROM t', 'SELECT a , b FROM t'],
  ['  SELECT\n\t1  ', 'SELECT $1'],
  ['SELECT "Net Sales", "ann@example.com" FROM t1', 'SELECT "Net Sales", "…" FROM t1'],
  ["SELECT 'not closed", 'SELECT $1'],
  ['SELECT "not closed', 'SELECT "…"'],
  ['SELECT 1e-5, .5, 0xFF', 'SELECT $1-$2, .$3, $4'],
  ['', ''],
])('%j becomes %j', (sql, masked) => {
  expect(maskLiterals(sql)).toBe(masked);
});

describe('a canary', () => {
  const canary = 'Canary-4111 1111 1111 1111';
  const quoted = fc.constantFrom(
    `'${canary}'`,
    `E'${canary}'`,
    `$$${canary}$$`,
    `$x$${canary}$x$`,
    `/* ${canary} */`,
    `-- ${canary}\n`,
    `"${canary}@"`,
    `N'${canary}'`,
    `'a''${canary}'`,
  );
  const code = fc.constantFrom(
    'SELECT',
    ' a ',
    '(',
    ')',
    ',',
    ' FROM t ',
    ' = ',
    ' || ',
    '::text',
    '\n',
    '1',
  );
  it('shows in no masked text, whatever stands around it', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            quoted,
            code.map((text) => ` ${text} `),
          ),
          { maxLength: 20 },
        ),
        (parts) => {
          expect(maskLiterals(parts.join(' '))).not.toMatch(/Canary|4111|1111/);
        },
      ),
    );
  });
});
