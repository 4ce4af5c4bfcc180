/** Closes: answers that are kept, or watchers that hear nothing, while grants change unheard. */
import { expect, test } from 'vitest';
import type { LogFields } from '../kernel/logger.ts';
import { silentLogger } from '../telemetry/logger.ts';
import { tellsWhoSeesWhat } from './heard-changes.ts';

test.each([
  [['access.subjects', 'access.grants', 'retail.stores', 'retail.orders'], []],
  [['access.subjects', 'retail.stores'], ['access.grants']],
  [['retail.orders'], ['access.subjects', 'access.grants', 'retail.stores']],
])('of %j, unheard are %j', (watched, unheard) => {
  const warned: [string, LogFields | undefined][] = [];
  const logger = {
    ...silentLogger,
    warn: (event: string, fields?: LogFields) => warned.push([event, fields]),
  };
  expect(tellsWhoSeesWhat(new Set(watched), 'cache_off', logger)).toBe(unheard.length === 0);
  const mend = 'run "aisle migrate", which makes the triggers that tell of changes';
  expect(warned).toEqual(unheard.length === 0 ? [] : [['cache_off', { unheard, mend }]]);
});
