import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { createInFlight } from './in-flight.ts';

/** Closes: work for a client that left while it was looked up who it is, which nothing ends any more. */
test('a client that has left already is gone at once, and no drain waits for it', async () => {
  const { promise, resolve } = Promise.withResolvers<ServerResponse>();
  const server = createServer((_, response) => {
    response.once('close', () => resolve(response));
    response.destroy();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await fetch(`http://127.0.0.1:${port}`).catch(() => {});
  const inFlight = createInFlight();
  expect(inFlight.track(await promise, false).aborted).toBe(true);
  expect(await inFlight.idle(50)).toBe(true);
  server.close();
});
