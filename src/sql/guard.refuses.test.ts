import { expect, test } from 'vitest';
import { createGuard } from './guard.ts';
import { MARK, REFUSED } from './testing/refused.ts';

const guard = await createGuard({ relations: 'any', searchPath: ['retail'] });

const cases = Object.entries(REFUSED).flatMap(([threat, [code, ...marked]]) =>
  marked.map((statement) => ({ threat, code, statement })),
);

test.each(cases)('$threat: $statement', ({ code, statement }) => {
  const place = statement.indexOf(MARK);
  const verdict = guard.check(statement.replace(MARK, ''));
  expect(verdict).toEqual({
    ok: false,
    code,
    message: expect.stringMatching(/\.$|\?$/),
    ...(place >= 0 && { position: place }),
  });
});

test('the list is long enough to be worth its name', () => {
  expect(cases.length).toBeGreaterThanOrEqual(250);
});
