import { describe, expect, it } from 'vitest';
import { patientWith } from '../testing/patient.ts';
import { conditions, coverage, verifier } from './row-security.ts';

const whole = { name: 'retail.orders', isEnabled: true, isForced: true, hasPolicy: true };
it.each([
  ['all three', whole, 'ok', 'enabled, forced and with policies on all 1 tables of tenants'],
  ['not enabled', { ...whole, isEnabled: false }, 'fail', 'retail.orders (not enabled)'],
  ['not forced', { ...whole, isForced: false }, 'fail', 'retail.orders (not forced)'],
  ['no policy', { ...whole, hasPolicy: false }, 'fail', 'retail.orders (no policy)'],
  [
    'nothing',
    { ...whole, isEnabled: false, isForced: false, hasPolicy: false },
    'fail',
    'retail.orders (not enabled, not forced, no policy)',
  ],
])('a table with %s', (_what, table, status, found) => {
  expect(coverage.judge([table], patientWith())).toMatchObject({ status, found });
});

describe('a policy of the reader', () => {
  it.each([
    [
      'the signed context, once a statement',
      '(store_id = ANY (( SELECT access.visible_stores() AS visible_stores)::uuid[]))',
      'ok',
    ],
    ['the signed context, once a row', '(store_id = ANY (access.visible_stores()))', 'warn'],
    [
      'a setting that any SQL may set',
      "(store_id = (current_setting('app.current_rls_user_id'::text))::uuid)",
      'fail',
    ],
    ['everything', 'true', 'fail'],
    ['no condition', null, 'fail'],
    [
      'the context, or everything for one id',
      '((store_id = ANY (( SELECT access.visible_stores() AS visible_stores)::uuid[])) OR (store_id IS NULL))',
      'fail',
    ],
    [
      'a function of the same name elsewhere',
      '(store_id = ANY (( SELECT public.visible_stores() AS visible_stores)::uuid[]))',
      'fail',
    ],
  ])('by %s', (_what, condition, status) => {
    const row = { table: 'retail.orders', policy: 'tenant_reads', condition };
    expect(conditions.judge([row], patientWith()).status).toBe(status);
  });

  it('that is open is named, once, beside one that is not', () => {
    const open = { table: 'retail.orders', policy: 'all', condition: 'true' };
    const slow = {
      table: 'retail.orders',
      policy: 'slow',
      condition: '(store_id = ANY (access.visible_stores()))',
    };
    expect(conditions.judge([slow, open, open], patientWith()).found).toBe(
      'not by the signed context, which is all that SQL can not forge: all on retail.orders',
    );
  });
});

const verify = {
  owner: 'aisle_verifier',
  isDefiner: true,
  isStable: true,
  searchPath: 'search_path=pg_catalog, pg_temp',
};
it.each([
  ['as migrated', [verify], 'ok', 'owned by aisle_verifier, search path pinned'],
  ['missing', [], 'fail', 'access.visible_stores() does not exist'],
  [
    'of another owner',
    [{ ...verify, owner: 'postgres' }],
    'fail',
    'access.visible_stores() is owned by postgres',
  ],
  [
    'as invoker',
    [{ ...verify, isDefiner: false }],
    'fail',
    'access.visible_stores() is not SECURITY DEFINER',
  ],
  ['volatile', [{ ...verify, isStable: false }], 'fail', 'access.visible_stores() is not STABLE'],
  [
    'with a search path for anybody to fill',
    [{ ...verify, searchPath: '' }],
    'fail',
    'access.visible_stores() is open to any search_path',
  ],
])('the verifying function %s', (_what, rows, status, found) => {
  expect(verifier.judge(rows, patientWith())).toMatchObject({ status, found });
});
