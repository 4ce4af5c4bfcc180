/** Threat: guessing identities leaves no trace. Closed here: nobody is turned away before that is recorded. */
import { expect, it } from 'vitest';
import { fakeServing } from '../../test/harness/served.ts';
import { createDevelopmentAuthenticator } from '../auth/development.ts';
import type { SecurityEvent } from '../kernel/audit.ts';
import { UnavailableError } from '../kernel/errors.ts';
import { createReadiness } from '../ops/readiness.ts';
import { createHttpTransport } from './http.ts';

async function answerWith(record: (event: SecurityEvent) => Promise<void>): Promise<number> {
  const { serving } = fakeServing();
  const readiness = createReadiness({ ping: async () => {} });
  const http = createHttpTransport({ host: '127.0.0.1', port: 0, readiness, logger: serving.logger });
  const authenticator = createDevelopmentAuthenticator({ findSubject: async () => undefined });
  http.serve({ serving, authenticator, security: { record } });
  readiness.serving();
  const { url } = await http.listen();
  const headers = { 'x-rls-user-id': 'guess', 'x-request-id': 'r-1', 'user-agent': 'guesser' };
  const { status } = await fetch(url, { method: 'POST', headers });
  await http.close();
  return status;
}

it('a refused login is recorded with where it came from', async () => {
  const events: SecurityEvent[] = [];
  expect(await answerWith(async (event) => void events.push(event))).toBe(401);
  expect(events).toEqual([
    {
      type: 'authentication_failed',
      action: 'authenticate',
      success: false,
      severity: 'WARNING',
      reason: 'The header x-rls-user-id must hold one UUID.',
      requestId: 'r-1',
      origin: { ip: '127.0.0.1', userAgent: 'guesser', traceId: undefined },
    },
  ]);
});

it('while nothing can be recorded it is not answered as one', async () => {
  expect(await answerWith(() => Promise.reject(new UnavailableError('down')))).toBe(503);
});
