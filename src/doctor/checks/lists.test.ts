/** Checks whose query returns what is wrong: nothing is well, and each thing is named. */
import { expect, it } from 'vitest';
import type { Verdict } from '../check.ts';
import { patientWith } from '../testing/patient.ts';
import { extensions, extraFunctions } from './functions.ts';
import { foreignKeyIndexes, tablesWithoutIndex, validity } from './indexes.ts';
import { databaseRights, objects, schemas } from './public-access.ts';
import { neverAnalysed } from './statistics.ts';

interface ListCheck<Row> {
  judge(rows: readonly Row[], patient: ReturnType<typeof patientWith>): Verdict;
}

it.each<[string, ListCheck<{ name: string }>, string]>([
  ['schemas', schemas, 'fail'],
  ['objects', objects, 'warn'],
  ['extensions', extensions, 'warn'],
  ['tables without an index', tablesWithoutIndex, 'warn'],
  ['never analysed', neverAnalysed, 'warn'],
])('%s', (_what, check, status) => {
  expect(check.judge([], patientWith()).status).toBe('ok');
  const verdict = check.judge([{ name: 'a' }, { name: 'b' }], patientWith());
  expect(verdict.status).toBe(status);
  expect(verdict.found).toContain('a, b');
});

it.each<[string, ListCheck<{ table: string; name: string }>, string]>([
  ['indexes of foreign keys', foreignKeyIndexes, 'warn'],
  ['validity', validity, 'warn'],
])('%s', (_what, check, status) => {
  expect(check.judge([], patientWith()).status).toBe('ok');
  const verdict = check.judge([{ table: 'retail.orders', name: 'orders_email' }], patientWith());
  expect(verdict.status).toBe(status);
  expect(verdict.found).toContain('retail.orders (orders_email)');
});

it.each([
  [[], 'ok', 'none for everybody'],
  [['CONNECT'], 'warn', 'every role of the cluster may connect'],
  [
    ['CONNECT', 'TEMPORARY'],
    'fail',
    'everybody has CONNECT, TEMPORARY: the reader can make temporary tables and functions',
  ],
  [['CREATE'], 'fail', 'everybody has CREATE: the reader can make temporary tables and functions'],
])('rights of everybody on the database: %j', (rights, status, found) => {
  const rows = rights.map((name) => ({ name }));
  expect(databaseRights.judge(rows, patientWith())).toMatchObject({ status, found });
});

const pure = { name: 'retail.f', exists: true, isVolatile: false, isDefiner: false, isCallable: true };
it.each([
  ['none', [], 'ok', 'none'],
  ['a pure one', [pure], 'ok', 'retail.f'],
  ['a volatile one', [{ ...pure, isVolatile: true }], 'warn', 'may have side effects (VOLATILE): retail.f'],
  [
    'one with the rights of its owner',
    [pure, { ...pure, isDefiner: true }],
    'fail',
    'runs with the rights of its owner: retail.f',
  ],
  [
    'one that is not there',
    [{ name: 'retail.g', exists: false, isVolatile: null, isDefiner: null, isCallable: null }],
    'warn',
    'does not exist: retail.g',
  ],
  [
    'one that the reader may not call',
    [{ ...pure, isCallable: false }],
    'warn',
    'the reader may not call: retail.f',
  ],
])('extra functions: %s', (_what, rows, status, found) => {
  expect(extraFunctions.judge(rows, patientWith())).toMatchObject({ status, found });
});
