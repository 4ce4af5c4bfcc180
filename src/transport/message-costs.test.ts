import { expect, test } from 'vitest';
import { costOf, messagesOf } from './message-costs.ts';

test.each([
  [undefined, 1, 1],
  ['text', 1, 1],
  [null, 1, 1],
  [[], 1, 1],
  [{}, 1, 1],
  [{ method: 7 }, 1, 1],
  [{ method: 'tools/list' }, 1, 1],
  [{ method: 'ping' }, 1, 1],
  [{ method: 'unknown/method' }, 1, 1],
  [{ method: 'tools/call' }, 1, 1],
  [{ method: 'notifications/cancelled' }, 1, 0],
  [{ method: 'notifications/cancelled', id: 1 }, 1, 1],
  [[{ method: 'tools/list' }, { method: 'notifications/cancelled' }, null], 3, 2],
])('%j is %i messages and costs %i', (body, messages, cost) => {
  expect([messagesOf(body).length, costOf(body)]).toEqual([messages, cost]);
});
