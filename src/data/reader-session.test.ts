/** Closes: a query that relies on a statement which the cleaning of its session takes away, or has taken away. */
import type { PoolClient } from 'pg';
import { expect, it } from 'vitest';
import { TEST_LIMITS } from '../../test/harness/limits.ts';
import { KeyRing } from './key-ring.ts';
import { ReaderSessions } from './reader-session.ts';

/** A connection that answers at once, and sends nothing anywhere. */
const client = {
  query: async () => ({ rows: [{ pid: 1, now: '0', ready: true, tamperproof: true }] }),
  getTransactionStatus: () => 'I',
} as unknown as PoolClient;

const keys = new KeyRing({ keyId: 'k', innerPad: Buffer.alloc(64), outerPad: Buffer.alloc(64) });

it('no kept text is looked for from the moment that a query left something, or a cleaning began', async () => {
  const sessions = new ReaderSessions({ keys, limits: TEST_LIMITS });
  const session = await sessions.of(client);
  const [first, second, third] = [1, 2, 3].map(() => sessions.begin(session));
  const kept = first?.names();
  expect(kept).toBeDefined();
  first?.ended(true);
  expect(second?.names()).toBe(kept);
  const cleaning = sessions.clean(client);
  expect(second?.names()).toBeUndefined();
  second?.ended(true);
  await cleaning;
  const anew = third?.names();
  expect(anew).toBeDefined();
  expect(anew).not.toBe(kept);
  third?.ended(false);
  expect(sessions.begin(session).names()).toBeUndefined();
});
