import { describe, expect, it } from 'vitest';
import type { Settings, Verdict } from '../check.ts';
import { patientWith } from '../testing/patient.ts';
import { connections, jit, readOnly, temporaryFiles, timeouts, workMemory } from './limits.ts';

type SettingRows = readonly { readonly name: string; readonly value: string | null }[];
interface OfLogin {
  judge(rows: SettingRows, patient: ReturnType<typeof patientWith>): Verdict;
}

const both = (lock: string, idle: string) => [
  { name: 'lock_timeout', value: lock },
  { name: 'idle_in_transaction_session_timeout', value: idle },
];

it.each<[string, OfLogin, SettingRows, string, string]>([
  ['timeouts', timeouts, both('5s', '60s'), 'ok', 'lock 5s, idle in a transaction 60s'],
  ['one timeout', timeouts, both('5s', '0'), 'warn', 'without limit: idle_in_transaction_session_timeout;'],
  ['none, with its unit', timeouts, both('0ms', '0'), 'warn', 'without limit: lock_timeout, idle_in_'],
  ['settings that the server does not know', timeouts, [], 'warn', 'without limit: lock_timeout, idle_in_'],
  ['read only', readOnly, [{ name: 'default_transaction_read_only', value: 'on' }], 'ok', 'on for the login'],
  [
    'not read only',
    readOnly,
    [{ name: 'default_transaction_read_only', value: 'off' }],
    'warn',
    'off for the login',
  ],
  ['jit off', jit, [{ name: 'jit', value: 'off' }], 'ok', 'off'],
  ['jit on', jit, [{ name: 'jit', value: 'on' }], 'warn', 'on: compiling'],
  [
    'bounded files',
    temporaryFiles,
    [{ name: 'temp_file_limit', value: '1GB' }],
    'ok',
    'at most 1GB a session',
  ],
  [
    'endless files',
    temporaryFiles,
    [{ name: 'temp_file_limit', value: '-1' }],
    'warn',
    'without limit: one query',
  ],
])('%s', (_what, check, rows, status, found) => {
  const verdict = check.judge(rows, patientWith());
  expect(verdict.status).toBe(status);
  expect(verdict.found.startsWith(found), verdict.found).toBe(true);
});

it.each<[Partial<Settings>, string, string]>([
  [{}, 'ok', '8MB for each sort or hash; 80 MB when 10 queries do one each'],
  [{ DB_WORK_MEM: '512kB' }, 'ok', '512kB for each sort or hash; 5 MB when 10 queries do one each'],
  [
    { DB_WORK_MEM: '1GB', DB_POOL_MAX: 4 },
    'ok',
    '1GB for each sort or hash; 4096 MB when 4 queries do one each',
  ],
  [
    { DB_WORK_MEM: '1GB', DB_POOL_MAX: 5 },
    'warn',
    '1GB for each sort or hash; 5120 MB when 5 queries do one each',
  ],
])('work memory of %j', (settings, status, found) => {
  expect(workMemory.judge(patientWith({}, settings))).toMatchObject({ status, found });
});

describe('connections', () => {
  const room = { most: 97, ofDatabase: -1, ofLogin: -1, ours: 0, others: 0 };
  it.each<[string, Partial<typeof room>, Partial<Settings>, string, string]>([
    [
      'room for more',
      {},
      {},
      'ok',
      'a server of Aisle opens up to 16; 97 of 97 are not held by others: room for 6',
    ],
    [
      'just enough',
      { most: 32, others: 16 },
      {},
      'ok',
      'a server of Aisle opens up to 16; 16 of 32 are not held by others: room for 1',
    ],
    [
      'too few for several',
      {},
      { DB_SERVERS: 7 },
      'fail',
      'PostgreSQL takes 97 connections, and 7 servers of Aisle open up to 112',
    ],
    [
      'held by others',
      { others: 82 },
      {},
      'warn',
      'of 97 connections others hold 82 now, and one server of Aisle opens up to 16',
    ],
  ])('%s', (_what, limits, settings, status, found) => {
    expect(connections.judge([{ ...room, ...limits }], patientWith({}, settings))).toMatchObject({
      status,
      found,
    });
  });

  it('behind a pooler, tells what the pooler needs', () => {
    const verdict = connections.judge([{ ...room, most: 1 }], patientWith({ isPooled: true }));
    expect(verdict).toEqual({
      status: 'skipped',
      found:
        'a pooler is in between: 1 × 16 connections are its clients, each of which needs a session of its own (pool_mode=session)',
    });
  });
});
