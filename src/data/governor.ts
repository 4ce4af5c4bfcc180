import type { Pool, PoolClient } from 'pg';
import { AisleError, DatabaseError, TimeoutError, UnavailableError } from '../kernel/errors.ts';
import type { Logger } from '../kernel/logger.ts';
import type { RequestContext } from '../kernel/request-context.ts';
import { FairGate, type Leave } from '../resilience/fair-gate.ts';
import { bindText } from './bind-text.ts';
import type { Rows, ScopedQuery, TenantSession } from './database.ts';
import { ContextRefusedError, GovernedQuery } from './governed-query.ts';
import { connectWith } from './key-ring.ts';
import { Outages } from './outages.ts';
import { cancelled, fromPostgres, timedOut, tooLarge } from './postgres-errors.ts';
import { logged } from './query-log.ts';
import { CLEAN_UP, ReaderSessions, type ReaderSessionsOptions } from './reader-session.ts';
import { RunNotes } from './run-notes.ts';
import type { SessionLimits } from './session-settings.ts';

export interface GovernorLimits extends SessionLimits {
  /** Bytes of one query's result that are taken in. */
  readonly maxResultBytes: number;
  /** Part of the connections, at least one, that one principal may hold at once. */
  readonly callerShare: number;
}

/** Why a query was stopped from outside. */
type StopReason = 'timeout' | 'abort' | 'size';

/**
 * How a driver stops the query that a backend is busy with. Resolves when the backend has ended, which may be long after its
 * connection: some functions of PostgreSQL heed nothing until they are done.
 */
type StopQuery = (backendPid: number, client: PoolClient) => Promise<void>;

export interface GovernorOptions extends ReaderSessionsOptions {
  readonly pool: Pool;
  readonly limits: GovernorLimits;
  readonly stop: StopQuery;
  readonly logger: Logger;
  /** Whether this server keeps the database's process itself. */
  readonly isOurs?: boolean;
  /** Milliseconds past its timeout after which a query is stopped from outside. */
  readonly overrunMs: number;
}

/** A tenant's work while it runs. */
interface Run {
  readonly client: PoolClient;
  readonly context: RequestContext;
  readonly notes: RunNotes;
}

/** The database gives up this much before the call does, so that the caller is told by the database and not cut off. */
const ANSWER_MS = 250;

/** Who waits for a connection at once. The pipeline lets far fewer get here; this holds for code that comes past it. */
const MAX_QUEUED = 1000;

/** Binds tenants to connections: the one place where a caller's SQL meets a session. */
export class Governor {
  private readonly options: GovernorOptions;
  private readonly sessions: ReaderSessions;
  /** One slot a connection. */
  private readonly gate: FairGate;
  private readonly outages: Outages;
  /**
   * Clients told to stop, and when their backends have ended. The order may still be on its way and would hit the next
   * query, so they are not used again.
   */
  private readonly told = new WeakMap<PoolClient, Promise<void>>();

  constructor(options: GovernorOptions) {
    this.options = options;
    const { callerShare } = options.limits;
    this.gate = new FairGate({ capacity: options.pool.options.max, callerShare, maxQueued: MAX_QUEUED });
    this.sessions = new ReaderSessions(options);
    const { logger, isOurs } = options;
    this.outages = new Outages({ look: () => this.look(), isOurs, logger });
  }

  /** Runs `work` on a connection of its own, which is clean before anybody else gets it. Throws `BusyError` too. */
  withTenant<Result>(
    context: RequestContext,
    work: (tenant: TenantSession) => Promise<Result>,
  ): Promise<Result> {
    let notes: RunNotes | undefined;
    return this.outages.survive(context, () => {
      notes?.takeBack();
      notes = new RunNotes(context);
      return this.onConnection(context, notes, work);
    });
  }

  /** Runs `work` of our own, which only reads and may be run again, on a connection that it gets itself. */
  reading<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.outages.survive({}, work);
  }

  private async look(): Promise<void> {
    try {
      await this.options.pool.query('SELECT 1');
    } catch (error) {
      throw fromPostgres(error, '', this.options.limits.statementTimeoutMs);
    }
  }

  private async onConnection<Result>(
    context: RequestContext,
    notes: RunNotes,
    work: (tenant: TenantSession) => Promise<Result>,
  ): Promise<Result> {
    const leave = await this.takeTurn(context);
    const client = await this.checkOut(context.signal).catch((error: unknown) => {
      leave();
      throw error;
    });
    const run: Run = { client, context, notes };
    let open = true;
    try {
      return await work({
        query: (query) =>
          open
            ? logged(this.options.logger, context, query, () => this.executeAsCaller(run, query))
            : Promise.reject(
                new UnavailableError('The tenant session has ended; queries belong inside withTenant.'),
              ),
      });
    } finally {
      open = false;
      void this.giveBack(client).then(leave);
    }
  }

  /** The most callers that waited for a connection at once since this was asked before. */
  takeMostWaiting(): number {
    return this.gate.takeMostWaiting();
  }

  private async takeTurn(context: RequestContext): Promise<Leave> {
    try {
      return await this.gate.enter(context, this.options.pool.options.connectionTimeoutMillis);
    } catch (error) {
      throw context.signal.aborted ? cancelled(context.signal) : error;
    }
  }

  private async checkOut(signal: AbortSignal): Promise<PoolClient> {
    if (signal.aborted) throw cancelled(signal);
    this.outages.check();
    let client: PoolClient;
    try {
      client = await connectWith(this.options.pool, this.options.keys);
    } catch (error) {
      throw fromPostgres(error, '', this.options.limits.statementTimeoutMs);
    }
    if (signal.aborted) {
      client.release();
      throw cancelled(signal);
    }
    return client;
  }

  private async giveBack(client: PoolClient): Promise<void> {
    const ended = this.told.get(client);
    if (ended !== undefined) {
      client.release(true);
      return ended;
    }
    try {
      await this.sessions.clean(client);
      client.release();
    } catch {
      client.release(true);
    }
  }

  /** What the query asked for, within the server's limit and within what is left of the call. */
  private timeoutMs(query: ScopedQuery, { deadline }: RequestContext): number {
    const limitMs = this.options.limits.statementTimeoutMs;
    const leftMs = deadline === undefined ? limitMs : deadline - performance.now() - ANSWER_MS;
    const timeoutMs = Math.floor(Math.min(query.timeoutMs ?? limitMs, limitMs, leftMs));
    if (timeoutMs >= 1) return timeoutMs; // PostgreSQL takes 0 for "no limit"
    throw new TimeoutError('No time was left in this call for another query. Ask for less at once.');
  }

  /** Once more with what is in force now, when keys were replaced or a clock was set since this session was asked. */
  private async executeAsCaller(run: Run, query: ScopedQuery): Promise<Rows> {
    run.notes.begun(query.text);
    try {
      return await this.execute(run, query);
    } catch (error) {
      if (query.isTimeless === true && isOutdatedPlan(error)) return this.execute(run, query);
      if (!(error instanceof ContextRefusedError)) throw error;
      this.sessions.doubt(run.client);
      await this.options.keys.refresh().catch((cause: unknown) => {
        throw fromPostgres(cause, '', 0);
      });
      return this.execute(run, query);
    }
  }

  private async execute({ client, context, notes }: Run, query: ScopedQuery): Promise<Rows> {
    const { signal } = context;
    const { limits, stop, overrunMs } = this.options;
    const { maxResultBytes: maxBytes } = limits;
    const timeoutMs = this.timeoutMs(query, context);
    let stopped: StopReason | undefined;
    let overrun: NodeJS.Timeout | undefined;
    let onAbort = () => {};
    try {
      const session = await this.sessions.of(client);
      if (signal.aborted) throw cancelled(signal);
      const end = (why: StopReason) => {
        if (stopped !== undefined) return;
        stopped = why;
        this.told.set(client, stop(session.pid, client));
      };
      onAbort = () => end('abort');
      signal.addEventListener('abort', onAbort, { once: true });
      const limited = { maxRows: query.maxRows ?? 1000, maxBytes, onTooLarge: () => end('size') };
      const governed = new GovernedQuery({
        entry: this.sessions.entry(session, context, timeoutMs),
        query: { text: query.text, values: (query.values ?? []).map(bindText) },
        cleanUp: CLEAN_UP,
        limits: limited,
        isTimeless: query.isTimeless,
        rollBack: query.rollBack,
        turn: this.sessions.begin(session),
      });
      overrun = setTimeout(() => end('timeout'), timeoutMs + overrunMs);
      client.query(governed);
      const answer = await governed.result;
      notes.answered(query.text, governed.entryAnswer, answer);
      return answer;
    } catch (error) {
      if (error instanceof AisleError) throw error;
      if (stopped === 'abort') throw cancelled(signal);
      if (stopped === 'timeout') throw timedOut(timeoutMs, error);
      if (stopped === 'size') throw tooLarge(maxBytes, error);
      throw fromPostgres(error, query.text, timeoutMs);
    } finally {
      clearTimeout(overrun);
      signal.removeEventListener('abort', onAbort);
    }
  }
}

/** A table has changed since the plan was made. The session is not clean now, so the same text is planned anew. */
function isOutdatedPlan(error: unknown): boolean {
  return error instanceof DatabaseError && error.data.sqlstate === '0A000';
}
