import { expect, it } from 'vitest';
import type { AttackReport } from '../app/attack.ts';
import { asText } from './attack-report.ts';

const stopped = { verdict: 'stopped by guard', detail: 'SQL_NOT_A_SELECT' } as const;

const REPORT: AttackReport = {
  lines: [
    {
      group: 'changing something',
      name: 'UPDATE',
      findings: { 'guard on': stopped, 'guard off': { verdict: 'stopped by database', detail: '25006' } },
      mend: null,
    },
    {
      group: 'dangerous functions',
      name: 'lo_create',
      findings: {
        'guard on': stopped,
        'guard off': { verdict: 'harmless', detail: 'known limit: Nobody can forbid it.' },
      },
      mend: null,
    },
    {
      group: 'what this database offers',
      name: 'table retail.archive',
      findings: {
        'guard on': stopped,
        'guard off': { verdict: 'LEAKED', detail: 'shows of the other store: email' },
      },
      mend: 'REVOKE ALL ON retail.archive.',
    },
  ],
  leaked: 1,
  seconds: 12.3,
  leftoversRemoved: 2,
};

it('prints a line an attack, then limits, leaks with how to mend them, and the sums', () => {
  expect(asText(REPORT)).toBe(`changing something  guard on                            guard off
------------------  ----------------------------------  --------------------------
UPDATE              stopped by guard: SQL_NOT_A_SELECT  stopped by database: 25006

dangerous functions  guard on                            guard off
-------------------  ----------------------------------  ---------------------
lo_create            stopped by guard: SQL_NOT_A_SELECT  harmless: known limit

what this database offers  guard on                            guard off
-------------------------  ----------------------------------  ---------
table retail.archive       stopped by guard: SQL_NOT_A_SELECT  LEAKED

Known limits of this server, which the guard closes:
  - Nobody can forbid it.

LEAKED with the guard off: what this database offers: table retail.archive
  what: shows of the other store: email
  mend: REVOKE ALL ON retail.archive.

Removed 2 canary stores of a run that was killed.

           stopped by guard  stopped by database  harmless  LEAKED
---------  ----------------  -------------------  --------  ------
guard on                  3                    0         0       0
guard off                 0                    1         1       1

1 LEAKED: of 3 attacks, with the guard on and off, in 12.3 s.`);
});
