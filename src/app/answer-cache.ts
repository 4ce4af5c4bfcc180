import { createHash } from 'node:crypto';
import { AnswerCache } from '../cache/answer-cache.ts';
import { MemoryCache } from '../cache/memory-cache.ts';
import { RedisCache } from '../cache/redis-cache.ts';
import type { Config } from '../config.ts';
import type { Database } from '../data/database.ts';
import { READABLE_TABLES, SEARCH_PATH, storedTable } from '../data/tables.ts';
import { systemClock } from '../kernel/clock.ts';
import type { Embedders } from '../kernel/embedding.ts';
import type { Logger } from '../kernel/logger.ts';
import type { ReadNotes, RequestContext } from '../kernel/request-context.ts';
import { RedisLink } from '../resilience/redis-link.ts';
import type { Parser } from '../sql/parser.ts';
import { createQueryReads } from '../sql/query-reads.ts';
import type { Disposal } from './disposal.ts';
import { tellsWhoSeesWhat } from './heard-changes.ts';
import { VERSION } from './version.ts';

/** The cache that the settings ask for; undefined when they ask for none, or the database's changes can't be heard. */
export async function openAnswerCache(
  config: Config,
  database: Database,
  embedders: Embedders,
  logger: Logger,
  parser: Parser,
  disposal: Disposal,
): Promise<AnswerCache | undefined> {
  const { CACHE_LEVEL: level } = config;
  if (level === 'off') return undefined;
  const watched = await database.changes.watched();
  if (!tellsWhoSeesWhat(watched, 'cache_off', logger)) return undefined;
  // The address too: a copy of a database may have kept all that it says of itself.
  const host = config.DATABASE_URL === undefined ? config.DATA_DIR : new URL(config.DATABASE_URL).host;
  // Servers that embed otherwise find otherwise.
  const embedding = JSON.stringify(embedders.target?.model ?? null);
  const version = [VERSION, host, await database.identity(), embedding].join(' ');
  const cache = new AnswerCache({
    changes: database.changes,
    clock: systemClock,
    version,
    resolveScope: (context) => scopeOf(database, context),
    tablesOf: tablesThatTell(parser, watched),
    memory: level === 'redis' ? undefined : new MemoryCache(config.CACHE_MEMORY_BYTES),
    redis: level === 'memory' ? undefined : await sharedCache(config, database, logger, version, disposal),
    maxTtlMs: config.CACHE_TTL_SECONDS * 1000,
  });
  disposal.add('cache', async () => cache.close());
  return cache;
}

async function sharedCache(
  { REDIS_URL: url }: Config,
  { secretKeys: keys }: Database,
  logger: Logger,
  version: string,
  disposal: Disposal,
): Promise<RedisCache | undefined> {
  if (url === undefined) return undefined;
  const link = await RedisLink.open({ url, logger, consequence: 'servers share no cached answers' });
  disposal.add('redis of the cache', () => link.close());
  return new RedisCache({
    link,
    keys,
    namespace: createHash('sha256').update(version).digest('hex').slice(0, 16),
  });
}

/** As the database tells it to any query: one that asks for nothing else. */
async function scopeOf(database: Database, context: RequestContext): Promise<string> {
  const reads: ReadNotes = { queries: [], scopes: [], mostRows: 0 };
  await database.withTenant({ ...context, facts: undefined, reads }, (tenant) =>
    tenant.query({ text: 'SELECT 1' }),
  );
  return reads.scopes[0] ?? '';
}

/** The stored tables of a query, where all of them tell of their changes and nothing else decides its answer. */
function tablesThatTell(parser: Parser, watched: ReadonlySet<string>) {
  const readsOf = createQueryReads(parser, { schema: SEARCH_PATH[0], tables: new Set(READABLE_TABLES) });
  return (query: string): readonly string[] | undefined => {
    const { relations, isSteady } = readsOf(query);
    const tables = relations.map(storedTable);
    return isSteady && tables.every((table) => watched.has(table)) ? tables : undefined;
  };
}
