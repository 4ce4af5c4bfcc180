import { createHash } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';
import { AisleError, CancelledError, UnavailableError } from '../kernel/errors.ts';
import type { Logger } from '../kernel/logger.ts';
import type { Principal } from '../kernel/principal.ts';
import type { RequestContext } from '../kernel/request-context.ts';
import type { Rows, ScopedQuery, TenantSession } from './database.ts';
import { ContextRefusedError, GovernedQuery, type Statement } from './governed-query.ts';
import type { KeyRing } from './key-ring.ts';
import { fromPostgres, timedOut } from './postgres-errors.ts';
import { SEARCH_PATH } from './tables.ts';

export interface GovernorLimits {
  /** Milliseconds that a query may take in the database. */
  readonly statementTimeoutMs: number;
  /** PostgreSQL's `work_mem` for a query, e.g. `8MB`. */
  readonly workMem: string;
}

/** How a driver stops the query that a backend is busy with. */
type StopQuery = (backendPid: number, client: PoolClient) => void;

export interface GovernorOptions {
  readonly pool: Pool;
  readonly keys: KeyRing;
  readonly limits: GovernorLimits;
  /** Role to take by the entry statement, where the session's own user isn't already it. */
  readonly role?: string;
  /** Whose session it is, where it can be made somebody else's (a superuser's, on the embedded database). */
  readonly sessionUser?: string;
  readonly stop: StopQuery;
  readonly logger: Logger;
  /** Milliseconds past its timeout after which a query is stopped from outside. */
  readonly overrunMs: number;
}

/** What is slow enough to be told in any log. */
const SLOW_MS = 1000;

/** A token outlives the query's time by this much, for clocks and queues. */
const TOKEN_GRACE_SECONDS = 30;

/**
 * All that a governed query relies on, said again each time and for its transaction only, so that nothing which an
 * earlier request left in the session matters. `transaction_read_only` can't be taken back once this has run.
 */
const ENTRY_SETTINGS: readonly (readonly [setting: string, value: string])[] = [
  ['transaction_read_only', "'on'"],
  ['aisle.context', '$1'],
  ['statement_timeout', '$2'],
  ['work_mem', '$3'],
  ['search_path', `'${SEARCH_PATH.join(', ')}'`],
  ['TimeZone', "'UTC'"],
  ['DateStyle', "'ISO, YMD'"],
  ['IntervalStyle', "'iso_8601'"],
  ['bytea_output', "'hex'"],
  ['extra_float_digits', "'1'"],
  ['standard_conforming_strings', "'on'"], // as the guard's parser assumes
];

/** Evaluated after the settings: false or NULL tells that the context does not hold, and that the rows are no answer. */
const CONTEXT_HOLDS = 'access.visible_stores() IS NOT NULL';

/** What one request could leave in a session, taken away before the next: see "Sessions" in docs/security.md. */
const CLEAN_SESSION = [
  'RESET ALL',
  'CLOSE ALL',
  'UNLISTEN *',
  'SELECT pg_advisory_unlock_all()',
  'DEALLOCATE ALL',
].join('; ');

interface Session {
  readonly pid: number;
  /** Milliseconds that the database's clock is ahead of ours. */
  readonly clockAheadMs: number;
}

/** Binds tenants to connections: the one place where a caller's SQL meets a session. */
export class Governor {
  private readonly options: GovernorOptions;
  private readonly entryText: string;
  private readonly cleanText: string;
  private readonly sessions = new WeakMap<PoolClient, Session>();
  /** Clients told to stop: the order may still be on its way and would hit the next query, so they are not used again. */
  private readonly told = new WeakSet<PoolClient>();

  constructor(options: GovernorOptions) {
    this.options = options;
    const role = options.role === undefined ? [] : [['role', `'${options.role}'`] as const];
    const settings = [...role, ...ENTRY_SETTINGS].map(
      ([setting, value]) => `set_config('${setting}', ${value}, true)`,
    );
    this.entryText = `SELECT ${[...settings, CONTEXT_HOLDS].join(', ')}`;
    // PGlite's DEFAULT gives the role back and not the user.
    this.cleanText = `SET SESSION AUTHORIZATION ${options.sessionUser ?? 'DEFAULT'}; ${CLEAN_SESSION}`;
  }

  /** Runs `work` on a connection of its own, which is clean before anybody else gets it. */
  async withTenant<Result>(
    context: RequestContext,
    work: (tenant: TenantSession) => Promise<Result>,
  ): Promise<Result> {
    const client = await this.checkOut(context.signal);
    let open = true;
    try {
      return await work({
        query: (query) =>
          open
            ? this.run(client, context, query)
            : Promise.reject(
                new UnavailableError('The tenant session has ended; queries belong inside withTenant.'),
              ),
      });
    } finally {
      open = false;
      void this.giveBack(client);
    }
  }

  private async checkOut(signal: AbortSignal): Promise<PoolClient> {
    if (signal.aborted) throw cancelled(signal);
    let client: PoolClient;
    try {
      client = await this.connect();
    } catch (error) {
      throw fromPostgres(error, '', this.options.limits.statementTimeoutMs);
    }
    if (signal.aborted) {
      client.release();
      throw cancelled(signal);
    }
    return client;
  }

  /** The reader's password comes of the key: one that is refused may have been rotated a moment ago. */
  private async connect(): Promise<PoolClient> {
    const { pool, keys } = this.options;
    try {
      return await pool.connect();
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === '28P01')) throw error;
      await keys.refresh();
      return pool.connect();
    }
  }

  private async giveBack(client: PoolClient): Promise<void> {
    if (this.told.has(client)) {
      client.release(true);
      return;
    }
    try {
      // Only where there is something to roll back: PostgreSQL answers anything else with a warning, which it also logs.
      if (client.getTransactionStatus() !== 'I') await client.query('ROLLBACK');
      await client.query(this.cleanText);
      client.release();
    } catch {
      client.release(true);
    }
  }

  private async session(client: PoolClient): Promise<Session> {
    const known = this.sessions.get(client);
    if (known !== undefined) return known;
    const asked = Date.now();
    const answer = await client.query<{ pid: number; now: string }>(
      `SELECT pg_backend_pid() AS pid, (extract(epoch FROM clock_timestamp()) * 1000)::text AS now`,
    );
    const midway = (asked + Date.now()) / 2;
    const row = answer.rows[0];
    const session = { pid: row?.pid ?? 0, clockAheadMs: Number(row?.now) - midway };
    this.sessions.set(client, session);
    return session;
  }

  private entry(session: Session, principal: Principal, timeoutMs: number): Statement {
    const expiresAt = (Date.now() + session.clockAheadMs + timeoutMs) / 1000 + TOKEN_GRACE_SECONDS;
    const token = this.options.keys.mint(principal.subject, expiresAt, session.pid);
    return { text: this.entryText, values: [token, `${timeoutMs}ms`, this.options.limits.workMem] };
  }

  /** A line a query, however it ended: by hash, as its text may hold anything. Slow ones are told at every level. */
  private async run(client: PoolClient, context: RequestContext, query: ScopedQuery): Promise<Rows> {
    const started = performance.now();
    let status = 'ok';
    try {
      return await this.executeAsCaller(client, context, query);
    } catch (error) {
      status = error instanceof AisleError ? error.code : 'INTERNAL_ERROR';
      throw error;
    } finally {
      const durationMs = performance.now() - started;
      const slow = durationMs > SLOW_MS;
      this.options.logger[slow ? 'warn' : 'debug'](slow ? 'slow_query' : 'database_query', {
        request_id: context.requestId,
        query_hash: createHash('sha256').update(query.text).digest('hex').slice(0, 16),
        status,
        duration_ms: Math.round(durationMs * 1000) / 1000,
      });
    }
  }

  /** Once more with what is in force now, when keys were replaced or a clock was set since this session was asked. */
  private async executeAsCaller(
    client: PoolClient,
    context: RequestContext,
    query: ScopedQuery,
  ): Promise<Rows> {
    try {
      return await this.execute(client, context, query);
    } catch (error) {
      if (!(error instanceof ContextRefusedError)) throw error;
      this.sessions.delete(client);
      await this.options.keys.refresh().catch((cause: unknown) => {
        throw fromPostgres(cause, '', 0);
      });
      return this.execute(client, context, query);
    }
  }

  private async execute(client: PoolClient, context: RequestContext, query: ScopedQuery): Promise<Rows> {
    const { principal, signal } = context;
    const { limits, stop, overrunMs } = this.options;
    const timeoutMs = Math.min(query.timeoutMs ?? limits.statementTimeoutMs, limits.statementTimeoutMs);
    let stopped: 'timeout' | 'abort' | undefined;
    let overrun: NodeJS.Timeout | undefined;
    let onAbort = () => {};
    try {
      const session = await this.session(client);
      if (signal.aborted) throw cancelled(signal);
      const end = (why: 'timeout' | 'abort') => {
        if (stopped !== undefined) return;
        stopped = why;
        this.told.add(client);
        stop(session.pid, client);
      };
      onAbort = () => end('abort');
      signal.addEventListener('abort', onAbort, { once: true });
      const statement = { text: query.text, values: (query.values ?? []).map(bindText) };
      const governed = new GovernedQuery(
        this.entry(session, principal, timeoutMs),
        statement,
        query.maxRows ?? 1000,
        query.rollBack,
      );
      overrun = setTimeout(() => end('timeout'), timeoutMs + overrunMs);
      client.query(governed);
      return await governed.result;
    } catch (error) {
      if (error instanceof AisleError) throw error;
      if (stopped === 'abort') throw cancelled(signal);
      if (stopped === 'timeout') throw timedOut(timeoutMs, error);
      throw fromPostgres(error, query.text, timeoutMs);
    } finally {
      clearTimeout(overrun);
      signal.removeEventListener('abort', onAbort);
    }
  }
}

function cancelled(signal: AbortSignal): CancelledError {
  return new CancelledError('The call was cancelled before it finished; nothing was changed.', {
    cause: signal.reason,
  });
}

/** A bound value in PostgreSQL's text form. */
function bindText(value: NonNullable<ScopedQuery['values']>[number]): string | null {
  if (value === null) return null;
  if (typeof value !== 'object') return String(value);
  return `{${value.map((element) => `"${element.replace(/["\\]/g, '\\$&')}"`).join(',')}}`;
}
