/** Threat: an operator changes something, and nobody can tell that, or who. Closed here: what can't be recorded is not done. */
import { userInfo } from 'node:os';
import { afterEach, expect, test, vi } from 'vitest';
import { loadConfig } from '../config.ts';
import type { SecurityEvent } from '../kernel/audit.ts';
import { UnavailableError, ValidationError } from '../kernel/errors.ts';
import { personOf, recordedChanges } from './operator.ts';

vi.mock('node:os', async (original) => ({
  ...(await original<typeof import('node:os')>()),
  hostname: () => 'desk',
  userInfo: vi.fn(() => ({ username: 'olga' })),
}));
afterEach(() => vi.mocked(userInfo).mockClear());

const CHANGE = { type: 'thing_changed', action: 'change', details: { given: 1 } };

/** A log that takes so many records. */
function logOf(room = Number.POSITIVE_INFINITY) {
  const events: SecurityEvent[] = [];
  const record = async (event: SecurityEvent) => {
    if (events.length >= room) throw new UnavailableError('The log is full.');
    events.push(event);
  };
  const done: string[] = [];
  const work = async () => {
    done.push(`after ${events.length}`);
    return 'result';
  };
  return { events, done, work, change: recordedChanges({ record }, { host: 'desk' }) };
}

test('the beginning is recorded before the change, what came of it after, under one id', async () => {
  const { events, done, work, change } = logOf();
  expect(await change(CHANGE, work, (result) => ({ resourceId: result, details: { came: 2 } }))).toBe(
    'result',
  );
  expect(done).toEqual(['after 1']);
  expect(events.map(({ type, success, resourceId }) => [type, success, resourceId])).toEqual([
    ['operator_began', true, undefined],
    ['thing_changed', true, 'result'],
  ]);
  const operator = { host: 'desk', user: undefined, database_user: undefined };
  expect(events.map(({ details }) => details)).toEqual([
    { given: 1, operator },
    { given: 1, came: 2, operator },
  ]);
  expect(new Set(events.map(({ requestId }) => requestId)).size).toBe(1);
  expect(events.map(({ name }) => name)).toEqual(['operator (no name)', 'operator (no name)']);
});

test('what can not be recorded is not done', async () => {
  const { done, work, change } = logOf(0);
  await expect(change(CHANGE, work)).rejects.toThrow('The log is full.');
  expect(done).toEqual([]);
});

test('that it was done and could not be recorded is told', async () => {
  const { done, work, change } = logOf(1);
  await expect(change(CHANGE, work)).rejects.toThrow(/^It was done, but that could not be recorded/);
  expect(done).toEqual(['after 1']);
});

test.each([
  [new ValidationError('There is none.'), 'There is none.'],
  [new RangeError('Key (email)=(anna@example.com)'), 'Unexpected failure.'],
])('what failed is recorded as such: %s', async (error, reason) => {
  const { events, change } = logOf();
  await expect(change(CHANGE, () => Promise.reject(error))).rejects.toBe(error);
  expect(events.slice(1)).toMatchObject([{ type: 'thing_changed', success: false, reason }]);
  const full = logOf(1);
  await expect(full.change(CHANGE, () => Promise.reject(error))).rejects.toBe(error);
});

const configOf = (url: string) => loadConfig({ DATABASE_URL: url }, {}, '/nonexistent');

test.each([
  ['', {}],
  ['postgres://shop%20admin:pw@db/retail', { databaseUser: 'shop admin' }],
  ['postgres://db/retail?user=admin', { databaseUser: 'admin' }],
  ['postgres://db/retail', {}],
])('the person is who runs the command, and whom %s names', async (url, more) => {
  expect(personOf(await configOf(url))).toEqual({ user: 'olga', host: 'desk', ...more });
});

test('a process whose user has no name is nobody in particular', async () => {
  vi.mocked(userInfo).mockImplementationOnce(() => {
    throw new RangeError('uv_os_get_passwd returned ENOENT');
  });
  expect(personOf(await configOf(''))).toEqual({ host: 'desk' });
});
