import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { afterEach, expect, test, vi } from 'vitest';
import { batchProcess } from './batch.ts';

afterEach(() => vi.useRealTimers());

test('any number of items, in any batches: each is done once, results are in order, and failures are among them', async () => {
  const numbers = fc.array(fc.integer({ min: -50, max: 50 }), { maxLength: 60 });
  const options = fc.record({
    concurrency: fc.integer({ min: 1, max: 12 }),
    size: fc.integer({ min: 1, max: 70 }),
  });
  await fc.assert(
    fc.asyncProperty(numbers, options, async (items, { concurrency, size }) => {
      let [running, most] = [0, 0];
      const done: number[] = [];
      const results = await batchProcess(
        items,
        async (item) => {
          running += 1;
          most = Math.max(most, running);
          for (let turns = Math.abs(item) % 3; turns > 0; turns -= 1) await turn();
          running -= 1;
          done.push(item);
          if (item < 0) throw new RangeError(String(item));
          return item * 2;
        },
        { concurrency, size, pauseMs: 0 },
      );
      const expected = items.map((item) =>
        item < 0
          ? { status: 'rejected', reason: new RangeError(String(item)) }
          : { status: 'fulfilled', value: item * 2 },
      );
      expect(results).toEqual(expected);
      expect(done.toSorted()).toEqual(items.toSorted());
      expect(most).toBeLessThanOrEqual(concurrency);
    }),
    { numRuns: 200 },
  );
});

test('so many items are at work at once as allowed, and the next begins when one is done', async () => {
  const doors = [1, 2, 3, 4, 5].map(() => Promise.withResolvers<void>());
  const begun: number[] = [];
  const work = async (item: number) => {
    begun.push(item);
    await doors[item]?.promise;
  };
  const all = batchProcess([0, 1, 2, 3, 4], work, { concurrency: 3 });
  await turn();
  expect(begun).toEqual([0, 1, 2]);
  doors[1]?.resolve();
  await turn();
  expect(begun).toEqual([0, 1, 2, 3]);
  for (const { resolve } of doors) resolve();
  expect(await all).toHaveLength(5);
});

test('rests between two batches, and not after the last', async () => {
  vi.useFakeTimers();
  const begun: number[] = [];
  const all = batchProcess([1, 2, 3, 4], async (item) => begun.push(item), { size: 2, pauseMs: 100 });
  await vi.advanceTimersByTimeAsync(99);
  expect(begun).toEqual([1, 2]);
  await vi.advanceTimersByTimeAsync(1);
  expect(begun).toEqual([1, 2, 3, 4]);
  expect(await all).toHaveLength(4);
});

test('what has not begun when its signal aborts is not done, and says why', async () => {
  const stop = new AbortController();
  const results = await batchProcess(
    [1, 2, 3],
    async (item) => {
      if (item === 2) stop.abort(new RangeError('enough'));
      return item;
    },
    { concurrency: 1, signal: stop.signal },
  );
  expect(results).toEqual([
    { status: 'fulfilled', value: 1 },
    { status: 'fulfilled', value: 2 },
    { status: 'rejected', reason: new RangeError('enough') },
  ]);
});
