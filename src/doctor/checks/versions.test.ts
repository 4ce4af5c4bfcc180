import { describe, expect, it } from 'vitest';
import { patientWith } from '../testing/patient.ts';
import { judgeNode, migrations, postgresql } from './versions.ts';

it.each([
  ['22.17.9', 'fail'],
  ['20.19.0', 'fail'],
  ['22.18.0', 'ok'],
  ['24.0.0', 'ok'],
])('Node %s: %s', (version, status) => expect(judgeNode(version).status).toBe(status));

it.each([
  [140_018, '14.18', 'fail', '14.18 is too old'],
  [150_009, '15.9', 'ok', '15.9'],
  [150_008, '15.8', 'fail', '15.8 may forget row security in a plan that is used again (CVE-2024-10976)'],
  [160_004, '16.4', 'fail', '16.4 may forget row security in a plan that is used again (CVE-2024-10976)'],
  [170_001, '17.1', 'ok', '17.1'],
  [180_000, '18.0', 'ok', '18.0'],
  [180_006, '18.6', 'ok', '18.6'],
  [190_000, '19.0', 'warn', '19.0 is newer than what this version of Aisle was tested with'],
])('PostgreSQL %i: %s', (number, text, status, found) => {
  expect(postgresql.judge([{ number, text }], patientWith())).toMatchObject({ status, found });
});

describe('migrations', () => {
  const none = { applied: [], pending: [], unknown: [] };
  it.each([
    ['all run', { ...none, applied: ['0001_a', '0002_b'] }, 'ok', 'up to date: 0002_b'],
    ['none run', { ...none, pending: ['0001_a'] }, 'fail', 'the database has never been migrated'],
    ['some run', { ...none, applied: ['0001_a'], pending: ['0002_b'] }, 'fail', '0002_b not run yet'],
    [
      'of a newer version',
      { ...none, applied: ['0001_a', '0009_z'], unknown: ['0009_z'] },
      'fail',
      'the database is newer than this version of Aisle: it has 0009_z',
    ],
    ['not to be read', undefined, 'fail', 'owner can not read the table aisle.migrations'],
  ])('%s', (_what, state, status, found) => {
    expect(migrations.judge(patientWith({ migrations: state }))).toMatchObject({ status, found });
  });
});
