/** Closes: work that is done twice though it must not be, an outage made worse by everybody trying at once, a call held past its end. */
import { expect, test } from 'vitest';
import { systemClock } from '../kernel/clock.ts';
import { retry } from './retry.ts';

const lost = new RangeError('lost');
const never = new AbortController().signal;
const isTransient = (error: unknown) => error === lost;

/** Fails so often, then gives an answer. */
function failing(times: number, failure: unknown = lost) {
  const at: number[] = [];
  return {
    at,
    work: async () => {
      at.push(performance.now());
      if (at.length <= times) throw failure;
      return 'an answer';
    },
  };
}

const settled = (promise: Promise<unknown>) => promise.catch((error: unknown) => error);

test('tries twice more and no oftener', async () => {
  const once = failing(1);
  expect(await settled(retry(lost, once.work, { isTransient, signal: never }))).toBe('an answer');
  expect(once.at).toHaveLength(2);
  const always = failing(9);
  expect(await settled(retry(lost, always.work, { isTransient, signal: never }))).toBe(lost);
  expect(always.at).toHaveLength(2);
});

test('what is not transient is not tried again, at first and later', async () => {
  const wrong = new TypeError('wrong');
  const first = failing(0);
  expect(await settled(retry(wrong, first.work, { isTransient, signal: never }))).toBe(wrong);
  expect(first.at).toEqual([]);
  const later = failing(1, wrong);
  expect(await settled(retry(lost, later.work, { isTransient, signal: never }))).toBe(wrong);
  expect(later.at).toHaveLength(1);
});

test('callers that failed together come back one by one, within 2 s', async () => {
  const began = performance.now();
  const callers = Array.from({ length: 50 }, () => failing(0));
  await Promise.all(callers.map(({ work }) => retry(lost, work, { isTransient, signal: never })));
  const delays = callers.map(({ at }) => (at[0] ?? 0) - began);
  expect(Math.max(...delays)).toBeLessThan(2000);
  // A timer's millisecond is all that tells them apart.
  expect(new Set(delays.map(Math.round)).size).toBeGreaterThan(25);
});

test('does not begin what would begin past the deadline, and says at once what was wrong', async () => {
  const { at, work } = failing(0);
  const deadline = systemClock.monotonic() + 0.0001;
  expect(
    await retry(lost, work, { isTransient, signal: never, deadline }).catch((error: unknown) => error),
  ).toBe(lost);
  expect(at).toEqual([]);
});

test('a caller that leaves while it waits is let go at once', async () => {
  const { at, work } = failing(0);
  const leaving = new AbortController();
  const outcome = settled(retry(lost, work, { isTransient, signal: leaving.signal }));
  leaving.abort();
  expect(await outcome).toMatchObject({ code: 'CANCELLED' });
  expect(at).toEqual([]);
});
