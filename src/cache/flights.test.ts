import { describe, expect, it } from 'vitest';
import { BusyError, CancelledError, DatabaseError } from '../kernel/errors.ts';
import { Flights } from './flights.ts';

const never = new AbortController().signal;

/** Work that is ended by hand. */
function work() {
  const begun: { readonly signal: AbortSignal; land(value: string): void; crash(error: Error): void }[] = [];
  return {
    begun,
    start: (signal: AbortSignal) => {
      const { promise, resolve, reject } = Promise.withResolvers<string>();
      begun.push({ signal, land: resolve, crash: reject });
      return promise;
    },
  };
}

describe('flights', () => {
  it('do once what many ask for at the same time', async () => {
    const flights = new Flights<string>();
    const { begun, start } = work();
    const all = Array.from({ length: 50 }, () => flights.join('key', 1, never, start));
    expect(begun).toHaveLength(1);
    begun[0]?.land('answer');
    const answers = await Promise.all(all);
    expect(answers.filter(({ isOwn }) => isOwn)).toHaveLength(1);
    expect(new Set(answers.map(({ value }) => value))).toEqual(new Set(['answer']));
    void flights.join('key', 1, never, start);
    expect(begun).toHaveLength(2);
  });

  it('are not joined by who asks after a change', async () => {
    const flights = new Flights<string>();
    const { begun, start } = work();
    const before = flights.join('key', 1, never, start);
    const after = flights.join('key', 2, never, start);
    begun[0]?.land('old');
    begun[1]?.land('new');
    expect([(await before).value, (await after).value]).toEqual(['old', 'new']);
  });

  it('go on when who began them leaves, and end when nobody is left', async () => {
    const flights = new Flights<string>();
    const { begun, start } = work();
    const [first, second] = [new AbortController(), new AbortController()];
    const leader = flights.join('key', 1, first.signal, start);
    const follower = flights.join('key', 1, second.signal, start);
    first.abort();
    await expect(leader).rejects.toBeInstanceOf(CancelledError);
    expect(begun[0]?.signal.aborted).toBe(false);
    second.abort();
    await expect(follower).rejects.toBeInstanceOf(CancelledError);
    expect(begun[0]?.signal.aborted).toBe(true);
    void flights.join('key', 1, never, start);
    expect(begun).toHaveLength(2); // and nobody joins one that has ended
  });

  it('share errors of the work, and not the misfortune of who began it', async () => {
    const flights = new Flights<string>();
    const { begun, start } = work();
    const broken = [flights.join('a', 1, never, start), flights.join('a', 1, never, start)];
    begun[0]?.crash(new DatabaseError('no such column'));
    for (const one of broken) await expect(one).rejects.toBeInstanceOf(DatabaseError);
    const leader = flights.join('b', 1, never, start);
    const follower = flights.join('b', 1, never, start);
    begun[1]?.crash(new BusyError('your share is used up', 1));
    await expect(leader).rejects.toBeInstanceOf(BusyError);
    begun[2]?.land('answer');
    expect(await follower).toEqual({ value: 'answer', isOwn: true });
  });

  it('do not keep who has left already', async () => {
    const flights = new Flights<string>();
    const gone = AbortSignal.abort();
    await expect(flights.join('key', 1, gone, work().start)).rejects.toBeInstanceOf(CancelledError);
  });
});
