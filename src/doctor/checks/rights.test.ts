import { expect, it } from 'vitest';
import { compareGrants } from '../../data/grants.ts';
import { patientWith } from '../testing/patient.ts';
import { grants, viewBarriers } from './rights.ts';

/** All that a database migrated by a superuser must grant. */
const LISTED = compareGrants([], {
  database: 'shop',
  kind: 'postgres',
  bySuperuser: true,
  logins: { aisle_reader: 'aisle_reader_shop', aisle_auditor: 'aisle_auditor_shop' },
}).missing;
const own = 'PUBLIC EXECUTE function retail.own(integer)';

it.each<[string, readonly string[], string, RegExp]>([
  ['as listed', LISTED, 'ok', /^\d+, as listed in src\/data\/grants\.ts$/],
  [
    'more for a role',
    [...LISTED, 'aisle_reader SELECT table access.grants'],
    'fail',
    /^beyond the list: aisle_reader SELECT table access\.grants$/,
  ],
  [
    'more for the login',
    [...LISTED, 'aisle_reader_shop MEMBER role pg_monitor'],
    'fail',
    /^beyond the list: aisle_reader_shop MEMBER/,
  ],
  [
    'less',
    LISTED.filter((line) => line !== 'aisle_reader SELECT table retail.orders'),
    'fail',
    /^missing: aisle_reader SELECT table retail\.orders$/,
  ],
  [
    'more for everybody',
    [...LISTED, own],
    'warn',
    /^everybody has more than the list: PUBLIC EXECUTE function retail\.own/,
  ],
  ['what has a check of its own', [...LISTED, 'PUBLIC CONNECT database shop'], 'ok', /as listed/],
])('grants: %s', (_what, lines, status, found) => {
  const rows = lines.map((line) => ({ line }));
  expect(grants.judge(rows, patientWith())).toMatchObject({ status, found: expect.stringMatching(found) });
});

it.each(['retail.own', 'own'])('a function that SQL_EXTRA_FUNCTIONS names as %s is expected', (name) => {
  const rows = [...LISTED, own].map((line) => ({ line }));
  expect(grants.judge(rows, patientWith({}, { SQL_EXTRA_FUNCTIONS: [name] })).status).toBe('ok');
  expect(grants.judge(rows, patientWith({}, { SQL_EXTRA_FUNCTIONS: ['retail'] })).status).toBe('warn');
});

it('views without a barrier are named', () => {
  expect(viewBarriers.judge([], patientWith()).status).toBe('ok');
  expect(viewBarriers.judge([{ name: 'retail.a' }, { name: 'retail.b' }], patientWith())).toMatchObject({
    status: 'warn',
    found: 'none: retail.a, retail.b; a condition of a query may be asked before that of the view',
  });
});
