import { expect, it } from 'vitest';
import { renderReport } from './doctor-report.ts';

const report = {
  version: '1.2.3',
  database: 'db.example:5432/shop',
  summary: { ok: 1, warn: 1, fail: 1, skipped: 3 },
  findings: [
    { group: 'connection', check: 'clock', status: 'ok' as const, found: 'the same' },
    {
      group: 'walls',
      check: 'a name that is longer than its column',
      status: 'fail' as const,
      found: 'retail.\u001b[31morders stands open to everybody who cares to look at it',
      mend: 'Shut it.',
    },
    { group: 'connection', check: 'tls', status: 'warn' as const, found: 'none', mend: 'Turn it on.' },
    { group: 'limits', check: 'jit', status: 'skipped' as const, found: 'about servers only' },
    { group: 'limits', check: 'read only', status: 'skipped' as const, found: 'about servers only' },
    { group: 'roles', check: 'query login', status: 'skipped' as const, found: 'there is none' },
  ],
};

it('aligns what was found, tells what to mend, and has no control character in it', () => {
  expect(renderReport(report, 80)).toBe(`Aisle 1.2.3 looked at db.example:5432/shop

connection
  ok    clock                      the same
  WARN  tls                        none
                                   mend: Turn it on.

walls
  FAIL  a name that is longer than its column
                                   retail. [31morders stands open to everybody
                                   who cares to look at it
                                   mend: Shut it.

skipped
  about servers only: jit, read only
  there is none: query login

1 ok, 1 warning, 1 failed, 3 skipped`);
});

it('puts what was found below the names where there is little room', () => {
  const narrow = renderReport(report, 40);
  expect(narrow).toContain('  WARN  tls\n        none\n        mend: Turn it on.\n');
  expect(narrow.split('\n').filter((line) => line.length > 45)).toEqual([]);
});
