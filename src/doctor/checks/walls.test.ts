import { expect, it } from 'vitest';
import { patientWith } from '../testing/patient.ts';
import { wall } from './walls.ts';

const check = wall({
  name: 'gates',
  sql: 'SELECT $1 AS breach',
  wrong: 'Gates stand open',
  mend: 'Shut them.',
});

it('a wall without a breach holds', () => {
  expect(check.judge([], patientWith())).toEqual({ status: 'ok', found: 'holds' });
});

it('each breach is named, up to a few', () => {
  const breaches = Array.from({ length: 9 }, (_, n) => ({ breach: `gate ${n}` }));
  expect(check.judge(breaches, patientWith())).toEqual({
    status: 'fail',
    found: 'Gates stand open: gate 0, gate 1, gate 2, gate 3, gate 4, gate 5 and 3 more',
    mend: 'Shut them.',
  });
});
