/** Closes: a flood of refused calls that becomes a flood of writes; a refusal that falls through because it can't be recorded. */
import { expect, test } from 'vitest';
import type { SecurityEvent } from '../kernel/audit.ts';
import { UnavailableError } from '../kernel/errors.ts';
import { silentLogger } from '../telemetry/logger.ts';
import { RefusalReport } from './refusal-report.ts';

test('each client is reported once a minute', async () => {
  const events: SecurityEvent[] = [];
  let ms = 1;
  const clock = { now: () => ms, monotonic: () => ms };
  const report = new RefusalReport({ record: async (event) => void events.push(event) }, silentLogger, clock);
  for (const client of ['a', 'a', 'b', 'a']) await report.refused(client, { action: 'call', name: client });
  expect(events).toEqual([
    { type: 'rate_limited', success: false, severity: 'WARNING', action: 'call', name: 'a' },
    { type: 'rate_limited', success: false, severity: 'WARNING', action: 'call', name: 'b' },
  ]);
  ms += 60_000;
  await report.refused('a', { action: 'call', name: 'a' });
  expect(events).toHaveLength(2);
  ms += 1;
  await report.refused('a', { action: 'call', name: 'a' });
  expect(events).toHaveLength(3);
});

test('a log that can not be written to changes nothing of the refusal', async () => {
  const report = new RefusalReport(
    { record: () => Promise.reject(new UnavailableError('The database is out of reach.')) },
    silentLogger,
  );
  await expect(report.refused('a', { action: 'call' })).resolves.toBeUndefined();
});
