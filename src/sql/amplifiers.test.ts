import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createGuard } from './guard.ts';
import { AMPLIFIERS } from './testing/amplifiers.ts';

const guard = await createGuard({ relations: 'any', searchPath: ['retail'] });

test.each(AMPLIFIERS.filter(({ held }) => held === 'rule'))('a rule holds $what', ({ example, code }) => {
  expect(guard.check(example)).toMatchObject({ ok: false, code });
});

test.each(AMPLIFIERS)('docs/sql-guard.md has the row of $what', ({ what, held, by }) => {
  const page = readFileSync(new URL('../../docs/sql-guard.md', import.meta.url), 'utf8');
  const row = [what, held, by].map((cell) => cell.replaceAll('|', '\\|')).join(' | ');
  expect(page.replaceAll(/ +/g, ' ')).toContain(`| ${row} |`);
});
