import { readFileSync } from 'node:fs';
import { createDevelopmentAuthenticator } from './auth/development.ts';
import type { Config } from './config.ts';
import type { Database } from './data/database.ts';
import { openEmbedded } from './data/embedded.ts';
import { openPostgres } from './data/postgres.ts';
import { READABLE_TABLES, SEARCH_PATH } from './data/tables.ts';
import { DEFAULT_DEMO, type SeedSummary, seedDemo } from './ingest/seed.ts';
import { systemClock } from './kernel/clock.ts';
import { AuthenticationError, ConfigurationError, UnavailableError } from './kernel/errors.ts';
import type { Logger } from './kernel/logger.ts';
import type { Module } from './kernel/module.ts';
import { createModules } from './modules/index.ts';
import { createPipeline, type Pipeline } from './pipeline/index.ts';
import { catalogue, type ToolDefinition } from './protocol/catalogue.ts';
import { createGuard, type Guard } from './sql/guard.ts';
import { silentLogger } from './telemetry/logger.ts';

const PACKAGE = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };
export const VERSION = PACKAGE.version;

/** Opens the database that the settings name, migrated and with its walls checked. */
export function openDatabase(config: Config): Promise<Database> {
  const limits = { statementTimeoutMs: config.DB_STATEMENT_TIMEOUT_SECONDS * 1000, workMem: config.DB_WORK_MEM };
  const acquireTimeoutMs = config.DB_ACQUIRE_TIMEOUT_SECONDS * 1000;
  if (config.DATABASE_URL === undefined) return openEmbedded({ directory: config.DATA_DIR, acquireTimeoutMs, limits });
  return openPostgres({
    url: config.DATABASE_URL,
    limits,
    pool: {
      max: config.DB_POOL_MAX,
      idleTimeoutMs: config.DB_POOL_IDLE_SECONDS * 1000,
      acquireTimeoutMs,
      applicationName: config.DB_APPLICATION_NAME,
    },
  });
}

/** The SQL guard for the tables that readers may read, or for any. */
export function createSqlGuard(config: Config, anyRelation = false): Promise<Guard> {
  return createGuard({
    relations: anyRelation ? 'any' : new Set(READABLE_TABLES),
    searchPath: SEARCH_PATH,
    extraFunctions: config.SQL_EXTRA_FUNCTIONS,
  });
}

/** Everything between a transport and the database. */
export interface Engine {
  readonly modules: readonly Module[];
  readonly pipeline: Pipeline;
}

export async function createEngine(config: Config, database: Database, logger: Logger): Promise<Engine> {
  const guard = await createSqlGuard(config);
  return {
    modules: createModules({ database, guard, clock: systemClock }),
    pipeline: createPipeline({
      logger,
      timeoutMs: config.TOOL_TIMEOUT_SECONDS * 1000,
      maxConcurrent: config.MAX_CONCURRENT_TOOLS,
    }),
  };
}

/** The tools' definitions, which need no database. */
export function describeTools(): readonly ToolDefinition[] {
  const absent = () => Promise.reject(new UnavailableError('Tools are only described here, not run.'));
  const refuse = () => ({ ok: false, code: 'UNAVAILABLE', message: 'Tools are only described here, not run.' }) as const;
  const modules = createModules({ database: { withTenant: absent }, guard: { check: refuse }, clock: systemClock });
  return [...catalogue(modules).values()].map(({ definition }) => definition);
}

/** Calls tools as somebody, without a transport. */
export interface Toolbox {
  call(tool: string, args: unknown, as: string | undefined): Promise<{ structured: unknown; text: string }>;
  close(): Promise<void>;
}

/** A toolbox on a database that this process opens for itself. */
export async function openToolbox(config: Config): Promise<Toolbox> {
  const database = await openDatabase(config);
  const { modules, pipeline } = await createEngine(config, database, silentLogger);
  const tools = catalogue(modules);
  return {
    async call(name, args, as) {
      const entry = tools.get(name);
      if (entry === undefined) throw new ConfigurationError(`There is no tool ${name}.`);
      if (as === undefined) {
        const names = (await database.listSubjects()).map((subject) => subject.name);
        throw new AuthenticationError(`Say who calls: --as ${names.join(' | ') || '… (nobody is known yet: seed or import first)'}.`);
      }
      const authenticator = createDevelopmentAuthenticator({ findSubject: database.findSubject, fixedSubject: as });
      const principal = await authenticator.authenticate({});
      const signal = new AbortController().signal;
      return pipeline.callTool(entry.tool, args, { principal, requestId: 'cli', signal });
    },
    close: () => database.close(),
  };
}

export interface SeedRequest {
  readonly customers?: number | undefined;
  readonly orders?: number | undefined;
  readonly seed?: number | undefined;
  /** ISO date of the last day of orders; today if absent. */
  readonly until?: string | undefined;
}

/** Fills a database with the demo retailer, all of it or nothing; one that has it already stays as it is. */
export function seedDatabase(
  database: Database,
  request: SeedRequest,
  onProgress: (done: number, total: number) => void,
  signal: AbortSignal = new AbortController().signal,
): Promise<SeedSummary> {
  const options = {
    seed: request.seed ?? DEFAULT_DEMO.seed,
    customers: request.customers ?? DEFAULT_DEMO.customers,
    orders: request.orders ?? DEFAULT_DEMO.orders,
    until: request.until === undefined ? new Date() : new Date(request.until),
  };
  return database.asLoader(signal, (session) => seedDemo(session, options, onProgress));
}
