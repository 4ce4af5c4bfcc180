import { describe, expect, it } from 'vitest';
import { READABLE_TABLES } from '../../data/tables.ts';
import { patientWith } from '../testing/patient.ts';
import { callable, copies, making, tables, views, writing } from './reader-reach.ts';

const listed = READABLE_TABLES.map((name) => ({ name }));

describe('tables', () => {
  it.each([
    ['the list', listed, 'ok', 'the 12 on the list and no other'],
    [
      'one more',
      [...listed, { name: 'access.grants' }],
      'fail',
      'readable and not on the list: access.grants',
    ],
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
  ['writing', writing, 'has more than SELECT on retail.orders'],
  ['making', making, 'aisle_reader_shop retail.orders'],
  ['copies', copies, 'rows of all stores, which no policy filters: retail.orders'],
])('%s: anything fails', (_what, check, found) => {
  expect(check.judge([], patientWith()).status).toBe('ok');
  expect(check.judge([{ name: 'retail.orders' }], patientWith())).toMatchObject({ status: 'fail', found });
});

const view = { name: 'retail.sales', isInvoker: true, isBarrier: true };
it.each([
  ['none', [], 'ok', 'none'],
  ['with both', [view], 'ok', '1, with the rights of who asks'],
  [
    'as its owner',
    [{ ...view, isInvoker: false }],
    'fail',
    'read with the rights of their owner: retail.sales',
  ],
  ['without a barrier', [{ ...view, isBarrier: false }], 'warn', 'no security barrier: retail.sales'],
])('views: %s', (_what, rows, status, found) => {
  expect(views.judge(rows, patientWith())).toMatchObject({ status, found });
});

it.each([
  ['none', [], 'ok'],
  ['a plain one', [{ name: 'retail.f()', isDefiner: false }], 'warn'],
  [
    'one with the rights of its owner',
    [
      { name: 'retail.f()', isDefiner: false },
      { name: 'retail.g()', isDefiner: true },
    ],
    'fail',
  ],
])('functions: %s', (_what, rows, status) => expect(callable.judge(rows, patientWith()).status).toBe(status));
