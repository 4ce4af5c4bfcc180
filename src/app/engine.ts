import type { AnswerCache } from '../cache/answer-cache.ts';
import type { Config } from '../config.ts';
import type { DatabaseAsIs } from '../data/as-is.ts';
import type { Database } from '../data/database.ts';
import { openEmbedded, openEmbeddedAsIs, requireEmbedded } from '../data/embedded.ts';
import { openPostgres, openPostgresAsIs, type PostgresOptions } from '../data/postgres.ts';
import { READABLE_TABLES, SEARCH_PATH } from '../data/tables.ts';
import type { CallLog } from '../kernel/audit.ts';
import { systemClock } from '../kernel/clock.ts';
import { type Embedders, NO_EMBEDDERS } from '../kernel/embedding.ts';
import { UnavailableError } from '../kernel/errors.ts';
import type { Logger } from '../kernel/logger.ts';
import type { Module } from '../kernel/module.ts';
import { createModules } from '../modules/index.ts';
import { createPipeline, type Pipeline } from '../pipeline/index.ts';
import { catalogue, type ToolDefinition } from '../protocol/catalogue.ts';
import type { CallerRate } from '../resilience/caller-rate.ts';
import { boundsFrom } from '../sql/bounds.ts';
import { createGuard, type Guard } from '../sql/guard.ts';
import { createParser, type Parser } from '../sql/parser.ts';
import { warnOfExtraFunctions } from './extra-functions.ts';
import { secretKeysFor } from './secret-keys.ts';

/**
 * Opens the database that the settings name, migrated and with its walls checked. With `mustExist` a name that was mistyped
 * makes none: throws `ConfigurationError`.
 */
export async function openDatabase(
  config: Config,
  logger: Logger,
  { mustExist = false } = {},
): Promise<Database> {
  if (mustExist && config.DATABASE_URL === undefined) requireEmbedded(config.DATA_DIR);
  const options = await commonOptions(config, logger);
  return config.DATABASE_URL === undefined
    ? openEmbedded({ ...options, directory: config.DATA_DIR })
    : openPostgres({ ...options, ...postgresOptions(config, config.DATABASE_URL), mustExist });
}

/** Opens it as it stands, to be attacked and never to be served: not migrated, its walls not checked. */
export async function openDatabaseAsIs(config: Config, logger: Logger): Promise<DatabaseAsIs> {
  const options = await commonOptions(config, logger);
  return config.DATABASE_URL === undefined
    ? openEmbeddedAsIs({ ...options, directory: config.DATA_DIR })
    : openPostgresAsIs({ ...options, ...postgresOptions(config, config.DATABASE_URL) });
}

async function commonOptions(config: Config, logger: Logger) {
  const limits = {
    statementTimeoutMs: config.DB_STATEMENT_TIMEOUT_SECONDS * 1000,
    workMem: config.DB_WORK_MEM,
    lockTimeoutMs: config.DB_LOCK_TIMEOUT_SECONDS * 1000,
    maxResultBytes: config.MAX_RESULT_BYTES,
    callerShare: config.CALLER_SHARE,
  };
  const acquireTimeoutMs = config.DB_ACQUIRE_TIMEOUT_SECONDS * 1000;
  return { limits, logger, acquireTimeoutMs, secretKeys: await secretKeysFor(config) };
}

function postgresOptions(
  config: Config,
  url: string,
): Pick<PostgresOptions, 'url' | 'pool' | 'superuserAllowed'> {
  return {
    url,
    superuserAllowed: config.ENVIRONMENT === 'development',
    pool: {
      max: config.DB_POOL_MAX,
      min: config.DB_POOL_MIN,
      lifetimeSeconds: config.DB_POOL_LIFETIME_SECONDS,
      idleTimeoutMs: config.DB_POOL_IDLE_SECONDS * 1000,
      acquireTimeoutMs: config.DB_ACQUIRE_TIMEOUT_SECONDS * 1000,
      applicationName: config.DB_APPLICATION_NAME,
      servers: config.DB_SERVERS,
    },
  };
}

export type SqlGuard = Guard;

/** The SQL guard for the tables that readers may read, or for any. */
export function createSqlGuard(config: Config, anyRelation = false, parser?: Parser): Promise<Guard> {
  return createGuard(
    {
      relations: anyRelation ? 'any' : new Set(READABLE_TABLES),
      searchPath: SEARCH_PATH,
      extraFunctions: config.SQL_EXTRA_FUNCTIONS,
      bounds: boundsFrom(config.SQL_BOUNDS),
    },
    parser,
  );
}

/** Everything between a transport and the database. */
export interface Engine {
  readonly modules: readonly Module[];
  readonly pipeline: Pipeline;
  readonly parser: Parser;
}

/** What not every engine has. */
interface EngineParts {
  readonly rateLimits?: CallerRate | undefined;
  /** Default: nothing is embedded, and products are searched by their words. */
  readonly embedders?: Embedders;
  readonly openCache?: (parser: Parser) => Promise<AnswerCache | undefined>;
}

/** `audit` is where calls are recorded; undefined for `doctor --attack`, which is to change nothing. */
export async function createEngine(
  config: Config,
  database: Database,
  logger: Logger,
  audit: CallLog | undefined,
  { rateLimits, embedders = NO_EMBEDDERS, openCache }: EngineParts = {},
): Promise<Engine> {
  const parser = await createParser();
  const guard = await createSqlGuard(config, false, parser);
  await warnOfExtraFunctions(config.SQL_EXTRA_FUNCTIONS, database, logger);
  return {
    parser,
    modules: createModules({
      database,
      guard,
      embedders,
      clock: systemClock,
      queryTimeoutMs: config.DB_STATEMENT_TIMEOUT_SECONDS * 1000,
    }),
    pipeline: createPipeline({
      logger,
      audit,
      timeoutMs: config.TOOL_TIMEOUT_SECONDS * 1000,
      maxConcurrent: config.MAX_CONCURRENT_TOOLS,
      callerShare: config.CALLER_SHARE,
      rateLimits,
      cache: await openCache?.(parser),
    }),
  };
}

/** The tools' definitions. */
export function describeTools(): readonly ToolDefinition[] {
  return [...catalogue(describeModules()).values()].map(({ definition }) => definition);
}

/** Every module, to be looked at: it needs no database, and none of its tools runs. */
export function describeModules(): readonly Module[] {
  const message = 'Tools are only described here, not run.';
  return createModules({
    database: {
      withTenant: () => Promise.reject(new UnavailableError(message)),
      audit: { search: () => Promise.reject(new UnavailableError(message)) },
    },
    guard: {
      check: () => ({ ok: false, code: 'UNAVAILABLE', message }),
      fingerprint: () => undefined,
      masked: () => '',
    },
    embedders: NO_EMBEDDERS,
    clock: systemClock,
    queryTimeoutMs: 0,
  });
}
