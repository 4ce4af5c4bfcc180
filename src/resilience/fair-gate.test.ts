import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { BusyError } from '../kernel/errors.ts';
import { FairGate, type FairGateOptions, type Leave } from './fair-gate.ts';

const NAMES = ['a', 'b', 'c', 'd'];

function context(subject: string, signal = new AbortController().signal, deadline?: number) {
  return {
    principal: {
      subject,
      name: subject,
      roles: [],
      method: 'development' as const,
      permissions: new Set<never>(),
    },
    requestId: 'r',
    signal,
    deadline,
  };
}

interface Entry {
  readonly who: string;
  readonly abort: AbortController;
  state: 'waiting' | 'running' | 'left' | 'gone';
  leave?: Leave;
  failure?: unknown;
}

/** A gate seen from outside: all who came, and what became of them. */
class Watched {
  readonly entries: Entry[] = [];
  readonly admitted: Entry[] = [];
  private readonly gate: FairGate;

  constructor(options: FairGateOptions) {
    this.gate = new FairGate(options);
  }

  async come(who: string): Promise<Entry> {
    const entry: Entry = { who, abort: new AbortController(), state: 'waiting' };
    this.entries.push(entry);
    this.gate.enter(context(who, entry.abort.signal)).then(
      (leave) => {
        Object.assign(entry, { state: 'running', leave });
        this.admitted.push(entry);
      },
      (failure: unknown) => Object.assign(entry, { state: 'gone', failure }),
    );
    await setImmediate();
    return entry;
  }

  async end(entry: Entry | undefined): Promise<void> {
    if (entry?.state === 'running') {
      entry.state = 'left';
      entry.leave?.();
      entry.leave?.(); // a second time changes nothing
    } else entry?.abort.abort();
    await setImmediate();
  }

  of(state: Entry['state'], who?: string): Entry[] {
    return this.entries.filter((entry) => entry.state === state && (who === undefined || entry.who === who));
  }
}

const options = fc.record({
  capacity: fc.integer({ min: 1, max: 6 }),
  callerShare: fc.constantFrom(0.01, 0.25, 0.5, 1),
  maxQueued: fc.integer({ min: 1, max: 8 }),
});
const step = fc.oneof(
  fc.record({ come: fc.constantFrom(...NAMES) }),
  fc.record({ end: fc.nat({ max: 30 }) }),
);

describe('whatever comes and goes', () => {
  test('the limits hold, no slot stays empty while somebody may have it, and all come back', async () => {
    await fc.assert(
      fc.asyncProperty(options, fc.array(step, { maxLength: 60 }), async (given, steps) => {
        const gate = new Watched(given);
        const share = Math.max(1, Math.floor(given.capacity * given.callerShare));
        const queueShare = Math.max(1, Math.floor(given.maxQueued / 2));
        for (const next of steps) {
          if ('come' in next) await gate.come(next.come);
          else await gate.end(gate.entries[next.end]);
          expect(gate.of('running').length).toBeLessThanOrEqual(given.capacity);
          expect(gate.of('waiting').length).toBeLessThanOrEqual(given.maxQueued);
          for (const who of NAMES) {
            expect(gate.of('running', who).length).toBeLessThanOrEqual(share);
            expect(gate.of('waiting', who).length).toBeLessThanOrEqual(queueShare);
            const couldRun =
              gate.of('running').length < given.capacity && gate.of('running', who).length < share;
            if (couldRun) expect(gate.of('waiting', who)).toEqual([]);
            // First come, first served within one principal.
            const mine = gate.admitted.filter((entry) => entry.who === who);
            expect(mine).toEqual(gate.entries.filter((entry) => mine.includes(entry)));
          }
        }
        while (gate.of('running').length > 0) await gate.end(gate.of('running')[0]);
        expect(gate.of('waiting')).toEqual([]);
        for (const { abort, failure } of gate.of('gone'))
          expect(abort.signal.aborted || failure instanceof BusyError).toBe(true);
        // Every slot is there again: as many as there ever were can be held at once.
        for (let n = 0; n < given.capacity; n += 1) await gate.come(`late ${n}`);
        expect(gate.of('running')).toHaveLength(given.capacity);
      }),
      { numRuns: 150 },
    );
  });

  test('nobody starves: principals take turns, and within one it is first come, first served', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...NAMES), { maxLength: 40 }), async (arrivals) => {
        const gate = new Watched({ capacity: 1, callerShare: 1, maxQueued: 100 });
        await gate.come('first');
        for (const who of arrivals) await gate.come(who);
        const rounds = arrivals.map((who, n) => arrivals.slice(0, n).filter((other) => other === who).length);
        const firstSeen = (n: number): number => arrivals.indexOf(arrivals[n] ?? '');
        const expected = arrivals
          .map((_, n) => n)
          .sort((x, y) => (rounds[x] ?? 0) - (rounds[y] ?? 0) || firstSeen(x) - firstSeen(y));
        while (gate.of('running').length > 0) await gate.end(gate.of('running')[0]);
        expect(gate.admitted.map((entry) => gate.entries.indexOf(entry))).toEqual([
          0,
          ...expected.map((n) => n + 1),
        ]);
      }),
      { numRuns: 100 },
    );
  });
});

test('one principal leaves the rest of the slots to others', async () => {
  const gate = new Watched({ capacity: 8, callerShare: 0.25, maxQueued: 100 });
  for (let n = 0; n < 20; n += 1) await gate.come('a');
  expect(gate.of('running', 'a')).toHaveLength(2);
  for (const who of ['b', 'b', 'c']) await gate.come(who);
  expect(gate.of('running').map(({ who }) => who)).toEqual(['a', 'a', 'b', 'b', 'c']);
});

test('tells the most who waited since it was asked before, and those who still wait', async () => {
  const gate = new FairGate({ capacity: 1, callerShare: 1, maxQueued: 10 });
  const leave = await gate.enter(context('a'));
  expect(gate.takeMostWaiting()).toBe(0);
  const waiting = [gate.enter(context('a')), gate.enter(context('b'))];
  leave();
  (await Promise.any(waiting))();
  for (const next of await Promise.all(waiting)) next();
  expect(gate.takeMostWaiting()).toBe(2);
  expect(gate.takeMostWaiting()).toBe(0);
});

test('a full queue takes from the longest line, its latest first, before it turns a newcomer away', async () => {
  const gate = new Watched({ capacity: 1, callerShare: 1, maxQueued: 4 });
  for (const who of ['a', 'a', 'a', 'b', 'b']) await gate.come(who);
  expect(gate.of('waiting').map(({ who }) => who)).toEqual(['a', 'a', 'b', 'b']);
  const newcomer = await gate.come('c');
  expect(newcomer.state).toBe('waiting');
  expect(gate.of('gone').map((entry) => gate.entries.indexOf(entry))).toEqual([2]);
  expect(await gate.come('d')).toMatchObject({ state: 'waiting' });
  expect(gate.of('waiting').map(({ who }) => who)).toEqual(['a', 'b', 'c', 'd']);
  expect(await gate.come('e')).toMatchObject({ failure: { code: 'BUSY' } });
});

describe('busy', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  const refusal = (work: Promise<unknown>): Promise<unknown> => work.catch((error: unknown) => error);

  test('says whose the trouble is and how long its line takes, from what slots were held before', async () => {
    const gate = new FairGate({ capacity: 1, callerShare: 1, maxQueued: 4 });
    for (let n = 0; n < 50; n += 1) {
      const leave = await gate.enter(context('a'));
      vi.advanceTimersByTime(4000);
      leave();
    }
    await gate.enter(context('a'));
    for (let n = 0; n < 2; n += 1) void refusal(gate.enter(context('a')));
    expect(await refusal(gate.enter(context('a')))).toEqual(
      new BusyError('too many of your calls are waiting', 12),
    );
  });

  test('never says more than a minute, nor less than a second', async () => {
    const gate = new FairGate({ capacity: 1, callerShare: 1, maxQueued: 2 });
    const leave = await gate.enter(context('a'));
    void refusal(gate.enter(context('a')));
    expect(await refusal(gate.enter(context('a')))).toMatchObject({ retryAfterSeconds: 1 });
    vi.advanceTimersByTime(3_600_000);
    leave();
    await vi.advanceTimersByTimeAsync(0);
    void refusal(gate.enter(context('a')));
    expect(await refusal(gate.enter(context('a')))).toMatchObject({ retryAfterSeconds: 60 });
  });

  test.each([
    ['half of the time that the call has', 4000, 60_000, 2000],
    ['as long as it may at most', 4000, 1500, 1500],
  ])('who gets no turn waits %s', async (_, leftMs, longestMs, waitedMs) => {
    const gate = new FairGate({ capacity: 1, callerShare: 1, maxQueued: 4 });
    await gate.enter(context('a'));
    const waiting = refusal(gate.enter(context('b', undefined, performance.now() + leftMs), longestMs));
    await vi.advanceTimersByTimeAsync(waitedMs - 1);
    expect(vi.getTimerCount()).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(await waiting).toEqual(new BusyError(`no turn came within ${waitedMs / 1000} s`, 1));
  });

  test('a turn that came leaves no timer and no listener', async () => {
    const gate = new FairGate({ capacity: 1, callerShare: 1, maxQueued: 4 });
    const { signal } = new AbortController();
    const forgotten = vi.spyOn(signal, 'removeEventListener');
    const leave = await gate.enter(context('a'));
    const next = gate.enter(context('b', signal), 1000);
    expect(vi.getTimerCount()).toBe(1);
    leave();
    await next;
    expect(vi.getTimerCount()).toBe(0);
    expect(forgotten).toHaveBeenCalledOnce();
  });
});
