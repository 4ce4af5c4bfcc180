import { expect, test, vi } from 'vitest';
import { UnavailableError } from '../kernel/errors.ts';
import { createReadiness } from './readiness.ts';

test('is ready only while serving, and says what else it does', async () => {
  const readiness = createReadiness({ ping: async () => {} });
  expect(await readiness.check()).toEqual({ ready: false, reason: 'starting' });
  readiness.starting('migrating');
  expect(await readiness.check()).toEqual({ ready: false, reason: 'migrating' });
  readiness.serving();
  expect(await readiness.check()).toEqual({ ready: true });
  readiness.drain();
  readiness.serving();
  expect(await readiness.check()).toEqual({ ready: false, reason: 'shutting down' });
});

test.each([
  [new UnavailableError('The database is out of reach.'), 'The database is out of reach.'],
  [new Error('connect postgres://u:hunter2@db'), 'The database does not answer.'],
])('without a database it is not ready: %s', async (error, reason) => {
  const readiness = createReadiness({ ping: () => Promise.reject(error) });
  readiness.serving();
  expect(await readiness.check()).toEqual({ ready: false, reason });
});

test('a database that hangs is one that does not answer', async () => {
  vi.useFakeTimers();
  const readiness = createReadiness({ ping: () => new Promise(() => {}), pingTimeoutMs: 100 });
  readiness.serving();
  const state = readiness.check();
  await vi.advanceTimersByTimeAsync(100);
  vi.useRealTimers();
  expect(await state).toEqual({ ready: false, reason: 'The database does not answer.' });
});

test('probes that come at once share a ping; draining meanwhile wins', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const ping = vi.fn(() => promise);
  const readiness = createReadiness({ ping });
  readiness.serving();
  const states = Promise.all([readiness.check(), readiness.check()]);
  readiness.drain();
  resolve();
  expect(await states).toEqual(Array(2).fill({ ready: false, reason: 'shutting down' }));
  expect(ping).toHaveBeenCalledTimes(1);
});
