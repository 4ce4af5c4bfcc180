/** Threats: a notification that tells of what somebody may not see; one caller that takes all the room; a change that is missed. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Change } from '../kernel/changes.ts';
import { AuthorizationError, InternalError, UnavailableError } from '../kernel/errors.ts';
import type { ReadNotes } from '../kernel/request-context.ts';
import { silentLogger } from '../telemetry/logger.ts';
import { Watches } from './watches.ts';

const NORTH = '00000000-0000-4000-8000-00000000000a';
const SOUTH = '00000000-0000-4000-8000-00000000000b';
const SETTLE_MS = 1000;

let tellAll: (change: Change) => void;
let watches: Watches;
let room: Watches;

function create(max: number): Watches {
  const changes = {
    subscribe(listener: (change: Change) => void) {
      tellAll = listener;
      return () => {};
    },
    isCurrent: () => true,
    watched: async () => new Set<string>(),
  };
  return new Watches({
    changes,
    tablesOf: (query) => [query],
    max,
    settleMs: SETTLE_MS,
    logger: silentLogger,
  });
}

beforeEach(() => {
  vi.useFakeTimers();
  room = create(30);
  watches = create(100);
});
afterEach(() => {
  watches.close();
  room.close();
  vi.useRealTimers();
});

/** Somebody who sees the orders of the northern store, whose content the test changes. */
function someone(subject = 'ann', stores = NORTH) {
  const seen = { content: 'a', reads: 0, told: 0, isHeard: true, failure: undefined as Error | undefined };
  const read = async (reads: ReadNotes): Promise<string> => {
    seen.reads += 1;
    if (seen.failure !== undefined) throw seen.failure;
    reads.queries.push('retail.orders');
    reads.scopes.push(stores);
    return seen.content;
  };
  const tell = () => {
    seen.told += 1;
  };
  return { seen, watcher: { subject, read, tell, isHeard: () => seen.isHeard } };
}

async function watching(...who: Parameters<typeof someone>) {
  const { seen, watcher } = someone(...who);
  const stop = await watches.watch(watcher, watcher.read);
  return { seen, stop };
}

const settle = () => vi.advanceTimersByTimeAsync(SETTLE_MS);

test('a burst of changes is looked at once and told once', async () => {
  const { seen } = await watching();
  seen.content = 'b';
  for (let n = 0; n < 50; n += 1) tellAll({ table: 'retail.orders', stores: [NORTH] });
  expect(seen.reads).toBe(1);
  await settle();
  expect(seen).toMatchObject({ reads: 2, told: 1 });
  await settle();
  expect(seen).toMatchObject({ reads: 2, told: 1 });
});

test.each<[string, Change]>([
  ['another store', { table: 'retail.orders', stores: [SOUTH] }],
  ['another table', { table: 'retail.inventory', stores: [NORTH] }],
])('a change of %s is not even looked at', async (_, change) => {
  const { seen } = await watching();
  seen.content = 'b';
  tellAll(change);
  await settle();
  expect(seen).toMatchObject({ reads: 1, told: 0 });
});

test.each<[string, Change]>([
  ['of stores that are not named', { table: 'retail.orders' }],
  ['of grants', { table: 'access.grants' }],
  ['that was not heard', {}],
])('a change %s is looked at, and told only where it makes a difference', async (_, change) => {
  const same = await watching();
  const other = await watching('bob');
  other.seen.content = 'b';
  tellAll(change);
  await settle();
  expect([same.seen.reads, same.seen.told]).toEqual([2, 0]);
  expect([other.seen.reads, other.seen.told]).toEqual([2, 1]);
});

test('a change while something is read for the first time is not missed', async () => {
  const { seen, watcher } = someone();
  await watches.watch(watcher, async (reads) => {
    const before = await watcher.read(reads);
    seen.content = 'b';
    tellAll({ table: 'retail.orders', stores: [NORTH] });
    await settle();
    return before;
  });
  await settle();
  expect(seen.told).toBe(1);
});

test('nor one that comes while others are looked at', async () => {
  const slow = someone('bob');
  const { promise: door, resolve: open } = Promise.withResolvers<void>();
  await watches.watch(
    { ...slow.watcher, read: (reads) => door.then(() => slow.watcher.read(reads)) },
    slow.watcher.read,
  );
  const { seen, watcher } = someone();
  await watches.watch(watcher, async (reads) => {
    const before = await watcher.read(reads);
    seen.content = 'b';
    tellAll({ table: 'retail.orders', stores: [NORTH] });
    await settle(); // the slow one is being looked at now, and goes on
    return before;
  });
  open();
  await settle();
  await settle();
  expect(seen.told).toBe(1);
});

test('what fails by itself is not looked at again until something changes', async () => {
  const { seen } = await watching();
  seen.failure = new InternalError('A fault.');
  tellAll({ table: 'retail.orders', stores: [NORTH] });
  for (let n = 0; n < 5; n += 1) await settle();
  expect(seen.reads).toBe(2);
});

test('one who watches much does not hold up one who watches little', async () => {
  const order: string[] = [];
  for (const subject of ['alice', 'alice', 'alice', 'alice', 'bob']) {
    const { watcher } = someone(subject);
    const read = (reads: Parameters<typeof watcher.read>[0]) => {
      order.push(subject);
      return watcher.read(reads);
    };
    await watches.watch({ ...watcher, read }, watcher.read);
  }
  tellAll({ table: 'retail.orders' });
  await settle();
  expect(order).toEqual(['alice', 'bob', 'alice', 'alice', 'alice']);
});

test('who may not read it any more hears nothing; who could not be looked up is looked up again', async () => {
  const barred = await watching();
  const unlucky = await watching('bob');
  barred.seen.failure = new AuthorizationError('No more.');
  unlucky.seen.failure = new UnavailableError('Out of reach.');
  unlucky.seen.content = 'b';
  tellAll({ table: 'retail.orders' });
  await settle();
  unlucky.seen.failure = undefined;
  await settle();
  expect(unlucky.seen.reads).toBe(2); // twice as long after as the first time
  await settle();
  expect(barred.seen.told).toBe(0);
  expect(unlucky.seen).toMatchObject({ reads: 3, told: 1 });
});

test('who does not hear costs no reading, and is told once they hear again', async () => {
  const { seen } = await watching();
  seen.isHeard = false;
  seen.content = 'b';
  for (let n = 0; n < 5; n += 1) {
    tellAll({ table: 'retail.orders', stores: [NORTH] });
    await settle();
  }
  expect(seen).toMatchObject({ reads: 1, told: 0 });
  seen.isHeard = true;
  watches.lookSoon();
  await settle();
  expect(seen).toMatchObject({ reads: 2, told: 1 });
});

test('who hears again, and missed nothing, costs no reading', async () => {
  const { seen } = await watching();
  seen.isHeard = false;
  tellAll({ table: 'retail.orders', stores: [SOUTH] });
  await settle();
  seen.isHeard = true;
  watches.lookSoon();
  await settle();
  expect(seen).toMatchObject({ reads: 1, told: 0 });
});

test('who stops hearing while something is read for them is told of it later', async () => {
  const { seen, watcher } = someone();
  const { promise: door, resolve: open } = Promise.withResolvers<void>();
  await watches.watch({ ...watcher, read: (reads) => door.then(() => watcher.read(reads)) }, watcher.read);
  seen.content = 'b';
  tellAll({ table: 'retail.orders', stores: [NORTH] });
  await settle(); // it is being read
  seen.isHeard = false;
  open();
  await settle();
  expect(seen).toMatchObject({ reads: 2, told: 0 });
  seen.isHeard = true;
  watches.lookSoon();
  await settle();
  expect(seen).toMatchObject({ reads: 3, told: 1 });
});

test('what could not be read at first is not watched', async () => {
  const { seen, watcher } = someone();
  seen.failure = new AuthorizationError('Never.');
  await expect(watches.watch(watcher, watcher.read)).rejects.toThrow('Never.');
  seen.failure = undefined;
  tellAll({});
  await settle();
  expect(seen).toMatchObject({ reads: 1, told: 0 });
});

test('who has stopped is not looked at', async () => {
  const { seen, stop } = await watching();
  seen.content = 'b';
  tellAll({ table: 'retail.orders' });
  stop();
  await settle();
  expect(seen).toMatchObject({ reads: 1, told: 0 });
});

test('one caller has a tenth of the room, and all together no more than there is', async () => {
  const add = (subject: string) => {
    const { watcher } = someone(subject);
    return room.watch(watcher, watcher.read);
  };
  const [stop] = await Promise.all([add('ann'), add('ann'), add('ann')]);
  await expect(add('ann')).rejects.toThrow(
    'You watch 3 resources already, and one caller may not watch more. Unsubscribe from one first.',
  );
  stop();
  await add('ann');
  for (let n = 0; n < 27; n += 1) await add(`other-${n}`);
  await expect(add('late')).rejects.toThrow('Busy: all 30 subscriptions are taken. Try again in 60 s.');
});
