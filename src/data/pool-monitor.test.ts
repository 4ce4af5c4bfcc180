import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { LogFields, Logger } from '../kernel/logger.ts';
import { watchPool } from './pool-monitor.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** What is logged, without the advice, when each look finds so many callers that waited. */
function watched(queues: readonly number[]) {
  const lines: [level: string, message: string, fields?: LogFields][] = [];
  const note = (level: string) => (message: string, fields?: LogFields) => {
    const { mend: _, ...facts } = fields ?? {};
    lines.push([level, message, facts]);
  };
  const logger: Logger = {
    ...{ debug: note('debug'), info: note('info'), warn: note('warn'), error: note('error') },
    writes: () => true,
    child: () => logger,
  };
  const left = [...queues];
  const monitor = watchPool({
    pool: { totalCount: 7, idleCount: 4, options: { max: 10 } },
    takeMostWaiting: () => left.shift() ?? 0,
    logger,
  });
  return { lines, monitor };
}

test('tells every 30 s how many connections are active and idle, and how many callers waited', () => {
  const { lines, monitor } = watched([]);
  vi.advanceTimersByTime(29_999);
  expect(lines).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(lines).toEqual([['debug', 'db_pool', { active: 3, idle: 4, queued: 0, max: 10 }]]);
  monitor.stop();
  vi.advanceTimersByTime(60_000);
  expect(lines).toHaveLength(1);
});

test('warns once for as long as callers wait, says when it is over, and warns again the next time', () => {
  const { lines, monitor } = watched([2, 5, 0, 0, 1]);
  vi.advanceTimersByTime(150_000);
  monitor.stop();
  const seen = { active: 3, idle: 4, max: 10 };
  expect(lines.filter(([level]) => level !== 'debug')).toEqual([
    ['warn', 'db_pool_queue', { ...seen, queued: 2 }],
    ['info', 'db_pool_queue_gone', { ...seen, queued: 0 }],
    ['warn', 'db_pool_queue', { ...seen, queued: 1 }],
  ]);
});
