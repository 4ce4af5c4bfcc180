import { expect, it } from 'vitest';
import { createLogger } from '../telemetry/logger.ts';
import { logged } from './query-log.ts';

it.each([
  ['debug', 1],
  ['info', 0],
] as const)('at level %s the text of a quick query is looked at %i times', async (level, looks) => {
  let looked = 0;
  const query = {
    get text() {
      looked += 1;
      return 'SELECT 1';
    },
  };
  const lines: string[] = [];
  const logger = createLogger({ level, destination: { write: (line) => lines.push(line) } });
  const context = { requestId: 'r', signal: new AbortController().signal } as const;
  const principal = {
    subject: 's',
    name: 'n',
    roles: [],
    permissions: new Set<never>(),
    method: 'development',
  } as const;
  expect(await logged(logger, { ...context, principal }, query, async () => 'done')).toBe('done');
  expect([looked, lines.length]).toEqual([looks, looks]);
});
