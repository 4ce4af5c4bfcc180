/** Closes: work that is done twice though it must not be, an outage made worse by everybody trying at once, a call held past its end. */
import { setTimeout as pause } from 'node:timers/promises';
import { beforeEach, expect, test, vi } from 'vitest';
import { testClock } from '../../test/harness/test-clock.ts';
import { retry } from './retry.ts';

// How long is waited is told and not done.
vi.mock('node:timers/promises', async (original) => {
  const real = await original<typeof import('node:timers/promises')>();
  return { ...real, setTimeout: vi.fn((_ms, value, options) => real.setTimeout(0, value, options)) };
});

const lost = new RangeError('lost');
const never = new AbortController().signal;
const isTransient = (error: unknown) => error === lost;

/** Milliseconds before the second try and the third, where chance is even. */
const [SECOND, THIRD] = [224, 273];

beforeEach(() => {
  vi.mocked(pause).mockClear();
  vi.spyOn(Math, 'random').mockReset().mockReturnValue(0.5);
});

const waited = () => vi.mocked(pause).mock.calls.map(([ms]) => Math.round(ms ?? 0));

/** Fails so often, then gives an answer. */
const failing = (times: number, failure: unknown = lost) => {
  let tries = 0;
  return vi.fn(async () => {
    tries += 1;
    if (tries <= times) throw failure;
    return 'an answer';
  });
};

const settled = (promise: Promise<unknown>) => promise.catch((error: unknown) => error);

test.each([
  [0, 'an answer', [SECOND]],
  [1, 'an answer', [SECOND, THIRD]],
  [9, lost, [SECOND, THIRD]],
])('tries twice more and no oftener: fails %i times more', async (times, outcome, waits) => {
  const work = failing(times);
  expect(await settled(retry(lost, work, { isTransient, signal: never }))).toBe(outcome);
  expect(waited()).toEqual(waits);
  expect(work).toHaveBeenCalledTimes(waits.length);
});

test('what is not transient is not tried again, at first and later', async () => {
  const wrong = new TypeError('wrong');
  const first = failing(0);
  expect(await settled(retry(wrong, first, { isTransient, signal: never }))).toBe(wrong);
  expect(first).not.toHaveBeenCalled();
  const later = failing(9, wrong);
  expect(await settled(retry(lost, later, { isTransient, signal: never }))).toBe(wrong);
  expect(later).toHaveBeenCalledTimes(1);
});

test('callers that failed together come back one by one, as chance has it', async () => {
  const chances = [0, 0.25, 0.5, 0.75, 0.999];
  for (const chance of chances) vi.mocked(Math.random).mockReturnValueOnce(chance);
  await Promise.all(chances.map(() => retry(lost, failing(0), { isTransient, signal: never })));
  expect(waited()).toEqual([0, 162, SECOND, 282, 344]);
});

test.each([
  [224, []],
  [225, [SECOND]],
  [373, [SECOND]],
  [374, [SECOND, THIRD]],
])(
  'with %i ms left begins nothing past the deadline, and says at once what was wrong',
  async (leftMs, waits) => {
    const { clock, pass } = testClock();
    const work = async () => {
      pass(100);
      throw lost;
    };
    const deadline = clock.monotonic() + leftMs;
    expect(await settled(retry(lost, work, { isTransient, signal: never, deadline, clock }))).toBe(lost);
    expect(waited()).toEqual(waits);
  },
);

test('a caller that leaves while it waits is let go at once', async () => {
  const work = failing(0);
  const leaving = new AbortController();
  const outcome = settled(retry(lost, work, { isTransient, signal: leaving.signal }));
  leaving.abort();
  expect(await outcome).toMatchObject({ code: 'CANCELLED' });
  expect(work).not.toHaveBeenCalled();
});
