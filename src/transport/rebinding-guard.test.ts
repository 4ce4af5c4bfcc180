/** Threat: DNS rebinding. The tables over real HTTP are in http.test.ts; here the other addresses to listen on. */
import { expect, test } from 'vitest';
import { createRebindingGuard } from './rebinding-guard.ts';

test.each([
  ['0.0.0.0', [], ['localhost:1', '127.0.0.1'], ['0.0.0.0', '10.0.0.5', 'evil.example']],
  ['0.0.0.0', ['aisle.example'], ['aisle.example', 'localhost'], ['evil.example']],
  ['10.0.0.5', [], ['10.0.0.5:8000'], ['localhost', '127.0.0.1', '10.0.0.6']],
  ['127.0.0.2', [], ['127.0.0.2:1', 'localhost'], ['127.0.0.3']],
  ['::1', [], ['[::1]:8000', 'localhost'], ['[::2]', '::1']],
  ['fd00::1', [], ['[fd00::1]:8000'], ['localhost', '[fd00::2]']],
  ['Aisle.Internal', [], ['aisle.internal', 'AISLE.INTERNAL:1'], ['localhost']],
])('listening on %s, with %j allowed', (host, allowedHosts, served, refused) => {
  const guard = createRebindingGuard({ host, allowedHosts });
  expect(served.filter((name) => !guard({ host: name }).ok)).toEqual([]);
  expect(refused.filter((name) => guard({ host: name }).ok)).toEqual([]);
  expect(guard({}).ok).toBe(false);
});

test('beyond loopback, pages of loopback may not call unless that is configured', () => {
  const origin = 'http://localhost:3000';
  expect(createRebindingGuard({ host: '10.0.0.5' })({ host: '10.0.0.5', origin }).ok).toBe(false);
  const allowed = createRebindingGuard({ host: '10.0.0.5', allowedOrigins: [origin] });
  expect(allowed({ host: '10.0.0.5', origin }).ok).toBe(true);
});
