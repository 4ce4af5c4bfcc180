import { createNarrowing } from '../auth/narrow.ts';
import type { Config } from '../config.ts';
import type { Database, Subject } from '../data/database.ts';
import type { Embedders } from '../kernel/embedding.ts';
import { UnavailableError } from '../kernel/errors.ts';
import type { Logger } from '../kernel/logger.ts';
import { createReadiness, type ReadinessControl } from '../ops/readiness.ts';
import type { Serving } from '../protocol/serving.ts';
import type { Parser } from '../sql/parser.ts';
import { readCertificate } from '../transport/certificate.ts';
import { createHttpTransport } from '../transport/http.ts';
import { createStdioTransport } from '../transport/stdio.ts';
import { openAnswerCache } from './answer-cache.ts';
import { type AuditWriter, openServersAudit } from './audit.ts';
import { authenticationOf, isAuthenticated, refuseOpenDoor } from './authentication.ts';
import { loadConformanceModule, refuseConformance } from './conformance.ts';
import { Disposal } from './disposal.ts';
import { openEmbedders } from './embedders.ts';
import { openEmbeddingUpkeep } from './embedding-upkeep.ts';
import { createEngine, openDatabase } from './engine.ts';
import { refuseUnfit } from './production-problems.ts';
import { type OpenRateLimits, openRateLimits } from './rate-limits.ts';
import { openResourceWatches } from './resource-watches.ts';
import { announceServer } from './running-server.ts';
import { callerOverStdio } from './stdio-caller.ts';
import { VERSION } from './version.ts';

export interface ServeRequest {
  /** Fill an empty database with the demo retailer first. */
  readonly demo: boolean;
  /** Everybody is this identity (slug or id). */
  readonly as?: string | undefined;
  /** Serve the fixtures of the protocol's conformance suite too; in development only. */
  readonly conformance?: boolean;
  /** Aborting it gives up the start. */
  readonly signal: AbortSignal;
  readonly onSeeding: (done: number, total: number) => void;
}

export interface RunningHttp {
  readonly url: string;
  /** Who one can say to be; undefined where callers prove who they are. */
  readonly subjects: readonly Subject[] | undefined;
  /** Drains, then closes everything in reverse order. */
  close(): Promise<void>;
}

/** Listens first, so that probes are answered meanwhile, then prepares the database, then serves. */
export async function serveHttp(config: Config, request: ServeRequest, logger: Logger): Promise<RunningHttp> {
  if (request.conformance === true) refuseConformance(config.ENVIRONMENT);
  refuseUnfit(config);
  if (!isAuthenticated(config)) refuseOpenDoor(config);
  const disposal = new Disposal(logger);
  let database: Database | undefined;
  let audit: AuditWriter | undefined;
  const readiness = createReadiness({
    ping: () => database?.ping() ?? Promise.reject(new UnavailableError('The database is not open yet.')),
  });
  const http = createHttpTransport({
    host: config.HOST,
    port: config.PORT,
    allowedHosts: config.ALLOWED_HOSTS,
    allowedOrigins: config.ALLOWED_ORIGINS,
    trustedProxies: config.TRUSTED_PROXIES,
    certificate: readCertificate(config.TLS_CERT_FILE, config.TLS_KEY_FILE),
    requestTimeoutMs: config.REQUEST_TIMEOUT_SECONDS * 1000,
    maxBodyBytes: config.MAX_BODY_BYTES,
    drainMs: config.DRAIN_SECONDS * 1000,
    readiness,
    logger,
  });
  disposal.add('database', async () => database?.close());
  disposal.add('audit', async () => audit?.close());
  disposal.add('http', () => http.close());
  try {
    const { url } = await http.listen();
    database = await prepareDatabase(config, request, readiness, logger);
    audit = await openServersAudit(config, database, logger);
    const opened = await openServing(config, request, database, audit, logger, disposal);
    const { serving, limits, embedders } = opened;
    const authentication = authenticationOf(config, database, logger, { url, as: request.as });
    if (request.as !== undefined) await authentication.authenticator.authenticate({});
    const subjects = isAuthenticated(config) ? undefined : await database.listSubjects();
    const ids = Object.fromEntries((subjects ?? []).map(({ name, subject }) => [name, subject]));
    disposal.add('announcement', await announceServer(config, { url, subjects: ids }));
    http.serve({
      serving,
      ...authentication,
      narrow: createNarrowing({ findOwnStore: database.findOwnStore }),
      addressLimits: limits.address,
      callerRate: limits.caller,
      securityLog: audit,
      sessions: { max: config.MAX_SESSIONS, idleMs: config.SESSION_IDLE_SECONDS * 1000 },
    });
    readiness.serving();
    openEmbeddingUpkeep(database, embedders, logger, disposal);
    return { url, subjects, close: () => disposal.dispose() };
  } catch (error) {
    await disposal.dispose();
    throw error;
  }
}

/** Serves one client over stdin and stdout until it goes. */
export async function serveStdio(config: Config, request: ServeRequest, logger: Logger): Promise<void> {
  if (request.conformance === true) refuseConformance(config.ENVIRONMENT);
  refuseUnfit(config);
  const disposal = new Disposal(logger);
  const readiness = createReadiness({ ping: () => Promise.resolve() });
  try {
    const database = await prepareDatabase(config, request, readiness, logger);
    disposal.add('database', () => database.close());
    const caller = await callerOverStdio(config, database, logger, request.as);
    const audit = await openServersAudit(config, database, logger);
    disposal.add('audit', () => audit.close());
    const { serving, embedders } = await openServing(config, request, database, audit, logger, disposal);
    openEmbeddingUpkeep(database, embedders, logger, disposal);
    const stdio = createStdioTransport({ serving, principal: caller.principal });
    disposal.add(
      'caller',
      caller.onGone(() => stdio.close()),
    );
    request.signal.addEventListener('abort', () => void stdio.close(), { once: true });
    await stdio.closed;
  } finally {
    await disposal.dispose();
  }
}

/** What both transports serve, and the rates they count; closed before the database and the audit that it is built on. */
async function openServing(
  config: Config,
  { conformance = false }: ServeRequest,
  database: Database,
  audit: AuditWriter,
  logger: Logger,
  disposal: Disposal,
): Promise<{ readonly serving: Serving; readonly limits: OpenRateLimits; readonly embedders: Embedders }> {
  const limits = await openRateLimits(config, logger, audit);
  disposal.add('rate limits', () => limits.close());
  const embedders = await openEmbedders(config, database.secretKeys, logger, disposal);
  const openCache = (parser: Parser) =>
    openAnswerCache(config, database, embedders, logger, parser, disposal);
  const engine = await createEngine(config, database, logger, audit, {
    rateLimits: limits.caller,
    embedders,
    openCache,
  });
  const { pipeline, parser } = engine;
  const watches = await openResourceWatches(config, database, logger, parser, disposal);
  const modules = [...engine.modules, ...(conformance ? [await loadConformanceModule(config)] : [])];
  const stateKey = database.secretKeys.current('request-state').key;
  return { serving: { modules, pipeline, version: VERSION, logger, stateKey, watches }, limits, embedders };
}

async function prepareDatabase(
  config: Config,
  request: ServeRequest,
  readiness: ReadinessControl,
  logger: Logger,
): Promise<Database> {
  readiness.starting('opening and migrating the database');
  const database = await openDatabase(config, logger);
  if (!request.demo) return database;
  try {
    const onProgress = (done: number, total: number) => {
      readiness.starting(`seeding the demo retailer, ${Math.floor((done / Math.max(total, 1)) * 100)} %`);
      request.onSeeding(done, total);
    };
    const { seedDatabase } = await import('./loading.ts');
    await seedDatabase(database, {}, onProgress, request.signal);
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}
