import { DECIDING_TABLES } from '../cache/scopes.ts';
import type { Logger } from '../kernel/logger.ts';

/** Whether the database tells of changes in who sees which stores. Where it does not, `event` is logged with what to do. */
export function tellsWhoSeesWhat(watched: ReadonlySet<string>, event: string, logger: Logger): boolean {
  const unheard = DECIDING_TABLES.filter((table) => !watched.has(table));
  if (unheard.length > 0)
    logger.warn(event, {
      unheard,
      mend: 'run "aisle migrate", which makes the triggers that tell of changes',
    });
  return unheard.length === 0;
}
