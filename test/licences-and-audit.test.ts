/** Threat: a dependency that may not be shipped, or that has a known hole, and a check that passes because it was not asked. */
import { expect, test } from 'vitest';
import { judgeAudit } from '../scripts/audit.ts';
import { unfitLicence } from '../scripts/licences.ts';

const report = (...severities: string[]) =>
  JSON.stringify({
    auditReportVersion: 2,
    vulnerabilities: Object.fromEntries(
      severities.map((severity, n) => [`p${n}`, { severity, range: '<1' }]),
    ),
  });

test.each([
  ['nothing', report(), true, 'audit: 0 packages with known holes, 0 of them high or critical'],
  [
    'small ones',
    report('low', 'moderate'),
    true,
    'audit: 2 packages with known holes, 0 of them high or critical',
  ],
  [
    'a high one',
    report('low', 'high'),
    false,
    'p1 <1: high\naudit: 2 packages with known holes, 1 of them high or critical',
  ],
  [
    'a critical one',
    report('critical'),
    false,
    'p0 <1: critical\naudit: 1 packages with known holes, 1 of them high or critical',
  ],
])('an audit that found %s', (_what, output, passed, said) => {
  expect(judgeAudit(output)).toEqual({ passed, said });
});

test.each([
  ['an error', JSON.stringify({ message: '405 Method Not Allowed', statusCode: 405 })],
  ['a page of a proxy', '<html>no</html>'],
  ['nothing', ''],
  ['null', 'null'],
])('an audit that answered %s is said to be unanswered', (_what, output) => {
  expect(judgeAudit(output)).toEqual({
    passed: true,
    said: 'audit: not answered by the registry; nothing is known',
  });
});

test.each(['MIT', 'ISC', 'Apache-2.0', '(MIT OR GPL-3.0)', 'MIT AND Zlib', '(BSD-2-Clause OR MIT)'])(
  'the licence %s may be shipped',
  (license) => expect(unfitLicence({ license })).toBeUndefined(),
);

test.each([
  'GPL-3.0',
  'AGPL-3.0-only',
  'SSPL-1.0',
  'UNLICENSED',
  'SEE LICENSE IN x',
  'MIT AND GPL-2.0',
  'mit',
])('the licence %s may not', (license) =>
  expect(unfitLicence({ license })).toBe(`licence ${license} is not on the list of scripts/licences.ts`),
);

test.each([[undefined], [''], [{ type: 'MIT' }]])(
  'without a licence as text (%j) nothing is shipped',
  (license) => {
    expect(unfitLicence({ license })).toBe('tells no licence');
  },
);
