import { Watches } from '../cache/watches.ts';
import type { Config } from '../config.ts';
import type { Database } from '../data/database.ts';
import { READABLE_TABLES, SEARCH_PATH, storedTable } from '../data/tables.ts';
import type { Logger } from '../kernel/logger.ts';
import type { ResourceWatches } from '../kernel/resource-watches.ts';
import type { Parser } from '../sql/parser.ts';
import { createQueryReads } from '../sql/query-reads.ts';
import type { Disposal } from './disposal.ts';
import { tellsWhoSeesWhat } from './heard-changes.ts';

/** Undefined when the settings want no subscriptions, or the database does not tell of its changes. */
export async function openResourceWatches(
  { MAX_SUBSCRIPTIONS: max }: Config,
  database: Database,
  logger: Logger,
  parser: Parser,
  disposal: Disposal,
  settleMs?: number,
): Promise<ResourceWatches | undefined> {
  if (max === 0) return undefined;
  if (!tellsWhoSeesWhat(await database.changes.watched(), 'subscriptions_off', logger)) return undefined;
  const readsOf = createQueryReads(parser, { schema: SEARCH_PATH[0], tables: new Set(READABLE_TABLES) });
  const tablesOf = (query: string) => readsOf(query).relations.map(storedTable);
  const watches = new Watches({ changes: database.changes, tablesOf, max, settleMs, logger });
  disposal.add('subscriptions', async () => watches.close());
  return watches;
}
