/** Closes: a restart of the database that every caller feels, a caller who makes the server take it for gone, a text that ends backend after backend. */
import { expect, it } from 'vitest';
import { testClock } from '../../test/harness/test-clock.ts';
import { NORTH } from '../../test/harness/two-stores.ts';
import { BusyError } from '../kernel/errors.ts';
import { createLogger } from '../telemetry/logger.ts';
import { Outages } from './outages.ts';
import { cancelled, fromPostgres, timedOut } from './postgres-errors.ts';

const { signal } = new AbortController();
const context = { principal: NORTH.principal, requestId: 'r', signal };

/** As pg throws it. */
const server = (code: string) =>
  fromPostgres(Object.assign(new Error('from the server'), { code }), '', 1000);
const system = (code: string, syscall: string) =>
  fromPostgres(Object.assign(new Error(code), { code, syscall }), '', 1000);
const ended = () => fromPostgres(new Error('Connection terminated unexpectedly'), '', 1000);
const refused = () => system('ECONNREFUSED', 'connect');

function watched() {
  const { clock, pass } = testClock();
  const logged: string[] = [];
  const logger = createLogger({
    level: 'debug',
    destination: { write: (line) => logged.push(JSON.parse(line).message) },
  });
  const database = { isBack: true, looks: 0 };
  const look = async () => {
    database.looks += 1;
    if (!database.isBack) throw refused();
  };
  const outages = new Outages({ look, logger, clock });
  /** Fails in these ways in turn, then answers; tells how it ended and how often it was asked. */
  const ask = async (...failures: readonly Error[]) => {
    let asked = 0;
    const answer = await outages
      .survive(context, async () => {
        const failure = failures[asked];
        asked += 1;
        if (failure !== undefined) throw failure;
        return 'an answer';
      })
      .catch((error: unknown) => error);
    return { answer, asked };
  };
  return { outages, ask, database, logged, wait: pass };
}

it.each([
  ['shut down by an administrator', () => server('57P01')],
  ['crashed', () => server('57P02')],
  ['not up yet', () => server('57P03')],
  ['the connection failed', () => server('08006')],
  ['no connection is left', () => server('53300')],
  ['refused', refused],
  ['refused at all addresses', () => fromPostgres(new AggregateError([new Error('refused')]), '', 1)],
  ['reset', () => system('ECONNRESET', 'read')],
  ['closed while it was written to', () => system('EPIPE', 'write')],
  ['ended without a word', ended],
])('asks again when the database is away: %s', async (_, failure) => {
  expect(await watched().ask(failure())).toEqual({ answer: 'an answer', asked: 2 });
});

it.each([
  ['bad SQL', () => server('42601')],
  ['a timeout', () => timedOut(1000)],
  ['a caller that left', () => cancelled(signal)],
  ['no turn', () => new BusyError('too many', 1)],
  ['no free connection', () => fromPostgres(new Error('timeout exceeded when trying to connect'), '', 1)],
  ['no memory', () => server('53200')],
  ['a statement without its values', () => server('08P01')],
  ['a login that is refused', () => server('28P01')],
  ['a fault in code', () => fromPostgres(new TypeError('x'), '', 1)],
])('does not ask again after %s, and does not take the database for gone', async (_, failure) => {
  const { ask, logged } = watched();
  const error = failure();
  for (let n = 0; n < 9; n += 1) expect(await ask(error)).toEqual({ answer: error, asked: 1 });
  expect(logged).toEqual([]);
});

it('tries three times in all', async () => {
  const { ask } = watched();
  const [first, second, third] = [refused(), server('57P03'), server('57P03')];
  expect(await ask(first, second)).toEqual({ answer: 'an answer', asked: 3 });
  expect(await ask(first, second, third)).toEqual({ answer: third, asked: 3 });
});

it('does not send a text a third time whose connections end without a word', async () => {
  const again = ended();
  expect(await watched().ask(ended(), again, ended())).toEqual({ answer: again, asked: 2 });
});

it('refuses at once while the database stays away, looks one at a time, and logs each turn once', async () => {
  const { outages, ask, database, logged, wait } = watched();
  database.isBack = false;
  for (const _ of [1, 2]) await ask(refused(), refused(), refused());
  expect(await ask()).toMatchObject({ asked: 0, answer: { code: 'UNAVAILABLE', retryAfterSeconds: 1 } });
  expect(() => outages.check()).toThrow(
    'The database is out of reach, so nothing was tried. Try again in 1 s.',
  );
  expect(database.looks).toBe(0);
  wait(250);
  database.isBack = true;
  const [first, ...others] = await Promise.all([ask(), ask(), ask()]);
  expect(first).toEqual({ answer: 'an answer', asked: 1 });
  for (const other of others) expect(other).toMatchObject({ asked: 0, answer: { code: 'UNAVAILABLE' } });
  expect(database.looks).toBe(2);
  expect(() => outages.check()).not.toThrow();
  expect(await Promise.all([ask(), ask()])).toEqual(Array(2).fill({ answer: 'an answer', asked: 1 }));
  expect(logged).toEqual(['database_circuit_open', 'database_circuit_half_open', 'database_circuit_closed']);
});

it('finds a database that is back within a second, however long it was away', async () => {
  const { ask, database, wait } = watched();
  database.isBack = false;
  for (const _ of [1, 2]) await ask(refused(), refused(), refused());
  for (let n = 0; n < 4; n += 1) {
    wait(1000);
    expect((await ask()).asked).toBe(0);
  }
  expect(database.looks).toBe(4);
  database.isBack = true;
  wait(999);
  expect((await ask()).asked).toBe(0);
  wait(1);
  expect((await ask()).asked).toBe(1);
});

it('lets nobody wait for the query of the caller who found it again', async () => {
  const { outages, ask, wait } = watched();
  for (const _ of [1, 2]) await ask(refused(), refused(), refused());
  wait(250);
  const { promise, resolve } = Promise.withResolvers<string>();
  const slow = outages.survive(context, () => promise);
  await new Promise((soon) => setImmediate(soon));
  expect((await ask()).asked).toBe(1);
  resolve('slow');
  expect(await slow).toBe('slow');
});
