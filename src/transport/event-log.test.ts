/** Threat: a client that comes back is given too little without knowing, or one session's events push out another's. */
import { expect, test } from 'vitest';
import { createEventLog, type SessionEvents } from './event-log.ts';

const message = (id: number, text = '') => ({ jsonrpc: '2.0', id, result: { text } }) as const;

async function replay(events: SessionEvents, last: string): Promise<unknown[]> {
  const sent: unknown[] = [];
  await events.replayEventsAfter(last, {
    send: async (id, event) => {
      sent.push([id, 'id' in event ? event.id : event]);
    },
  });
  return sent;
}

test('gives what came after, of the same stream, in order, and no event that only gave out an id', async () => {
  const events = createEventLog(100_000).open();
  const primed = await events.storeEvent('a', {} as never);
  const first = await events.storeEvent('a', message(1));
  await events.storeEvent('b', message(2));
  const third = await events.storeEvent('a', message(3));
  expect(await events.getStreamIdForEventId?.(primed)).toBe('a');
  expect(await replay(events, primed)).toEqual([
    [first, 1],
    [third, 3],
  ]);
  expect(await replay(events, first)).toEqual([[third, 3]]);
  expect(await replay(events, third)).toEqual([]);
});

test('the session that holds the most loses its oldest, and the others nothing', async () => {
  const log = createEventLog(2000);
  const [modest, greedy] = [log.open(), log.open()];
  const kept = await modest.storeEvent('a', message(1));
  const ids: string[] = [];
  for (let n = 0; n < 5; n += 1) ids.push(await greedy.storeEvent('b', message(n, 'x'.repeat(300))));
  const known = await Promise.all(ids.map((id) => greedy.getStreamIdForEventId?.(id)));
  expect(known).toEqual([undefined, undefined, 'b', 'b', 'b']);
  expect(await modest.getStreamIdForEventId?.(kept)).toBe('a');
});

test('an event larger than all that may be kept is not kept', async () => {
  const events = createEventLog(1000).open();
  const id = await events.storeEvent('a', message(1, 'x'.repeat(2000)));
  expect(await events.getStreamIdForEventId?.(id)).toBeUndefined();
});

test('no session sees the events of another, and one that ended leaves nothing', async () => {
  const log = createEventLog(1000);
  const [one, other] = [log.open(), log.open()];
  const id = await one.storeEvent('a', message(1, 'x'.repeat(500)));
  expect(await other.getStreamIdForEventId?.(id)).toBeUndefined();
  expect(await replay(other, id)).toEqual([]);
  one.forget();
  expect(await one.getStreamIdForEventId?.(id)).toBeUndefined();
  const later = await other.storeEvent('b', message(2, 'x'.repeat(500)));
  expect(await other.getStreamIdForEventId?.(later)).toBe('b');
});
