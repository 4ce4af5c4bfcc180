import { describe, expect, it } from 'vitest';
import { READABLE_TABLES } from '../../data/tables.ts';
import { patientWith } from '../testing/patient.ts';
import { functions, tables, viewBarriers } from './reader-rights.ts';

const listed = READABLE_TABLES.map((name) => ({ name }));

describe('tables', () => {
  it.each([
    ['the list', listed, 'ok', 'the 12 on the list and no other'],
    ['one more', [...listed, { name: 'retail.sales' }], 'fail', 'readable and not on the list: retail.sales'],
    ['one less', listed.slice(1), 'fail', 'on the list and not readable: retail.stores'],
  ])('%s', (_what, rows, status, found) => {
    expect(tables.judge(rows, patientWith())).toMatchObject({ status, found });
  });

  it('that are not there yet are missed by the check of migrations, not here', () => {
    const migrations = { applied: [], pending: ['0001_a'], unknown: [] };
    expect(tables.judge([], patientWith({ migrations })).status).toBe('ok');
  });
});

it.each([
  ['view barriers', viewBarriers, 'none: retail.a, retail.b;'],
  ['functions', functions, 'may be called, and are not on SQL_EXTRA_FUNCTIONS: retail.a, retail.b'],
])('%s: each is named', (_what, check, found) => {
  expect(check.judge([], patientWith()).status).toBe('ok');
  const verdict = check.judge([{ name: 'retail.a' }, { name: 'retail.b' }], patientWith());
  expect(verdict.status).toBe('warn');
  expect(verdict.found.startsWith(found), verdict.found).toBe(true);
});
