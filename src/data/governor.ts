import { escapeLiteral, type Pool, type PoolClient } from 'pg';
import { AisleError, DatabaseError, TimeoutError, UnavailableError } from '../kernel/errors.ts';
import type { Logger } from '../kernel/logger.ts';
import type { Principal } from '../kernel/principal.ts';
import type { RequestContext } from '../kernel/request-context.ts';
import { FairGate, type Leave } from '../resilience/fair-gate.ts';
import { bindText } from './bind-text.ts';
import type { ContextKey } from './context-token.ts';
import type { Rows, ScopedQuery, TenantSession } from './database.ts';
import { ContextRefusedError, GovernedQuery, type Statement } from './governed-query.ts';
import { connectWith, type KeyRing } from './key-ring.ts';
import { cancelled, fromPostgres, timedOut, tooLarge } from './postgres-errors.ts';
import { logged } from './query-log.ts';
import { type SessionLimits, type Settings, sessionSettings } from './session-settings.ts';
import { StatementNames } from './statement-names.ts';

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
  /**
   * Whether texts that are asked again are kept parsed and planned. Only where all of them have passed the guard: what may
   * run any function could put another statement under a name that others use.
   */
  readonly reusesPlans: boolean;
}

/** The database gives up this much before the call does, so that the caller is told by the database and not cut off. */
const ANSWER_MS = 250;

/** Who waits for a connection at once. The pipeline lets far fewer get here; this holds for code that comes past it. */
const MAX_QUEUED = 1000;

/** A token outlives the query's time by this much, for clocks and queues. */
const TOKEN_GRACE_SECONDS = 30;

/** A token is used again for as long, so that not every query pays for a signature. */
const TOKEN_SPARE_SECONDS = 10;

/** Said each time and for the transaction only. `transaction_read_only` can't be taken back once this has run. */
const ENTRY_SETTINGS: readonly (readonly [setting: string, value: string])[] = [
  ['transaction_read_only', "'on'"],
  ['aisle.context', '$1'],
  ['statement_timeout', '$2'],
];

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
  /** The database's clock, in milliseconds since 1970, when our monotonic one was at 0: it goes on when ours is set. */
  readonly clockOriginMs: number;
  /** What binds a query: with all settings where the login does not bring them. */
  readonly entryText: string;
  readonly tokens: WeakMap<Principal, Token>;
  /** Whether clock and settings are to be asked again. */
  isStale: boolean;
  readonly prepared: Prepared;
}

/** What PostgreSQL may still have of the queries since the session was last cleaned. */
interface Prepared {
  names: StatementNames | undefined;
  /** Whether none of them left anything behind. Of one that did not, nothing is kept under a name any more. */
  isClean: boolean;
}

interface Token {
  readonly text: string;
  readonly key: ContextKey;
  /** Unix seconds. */
  readonly expiresAt: number;
}

/** Binds tenants to connections: the one place where a caller's SQL meets a session. */
export class Governor {
  private readonly options: GovernorOptions;
  private readonly entryText: string;
  /** The same with everything that the login's session should have begun with. */
  private readonly wholeEntryText: string;
  private readonly sessionText: string;
  private readonly cleanText: string;
  /** One slot a connection. */
  private readonly gate: FairGate;
  private readonly sessions = new WeakMap<PoolClient, Session>();
  /**
   * Clients told to stop, and when their backends have ended. The order may still be on its way and would hit the next
   * query, so they are not used again.
   */
  private readonly told = new WeakMap<PoolClient, Promise<void>>();

  constructor(options: GovernorOptions) {
    this.options = options;
    const { callerShare } = options.limits;
    this.gate = new FairGate({ capacity: options.pool.options.max, callerShare, maxQueued: MAX_QUEUED });
    const expected = sessionSettings(options.limits);
    const role = options.role === undefined ? [] : [['role', `'${options.role}'`] as const];
    this.entryText = `SELECT ${[...role, ...ENTRY_SETTINGS].map(setting).join(', ')}, pg_advisory_unlock_all()`;
    const whole = [...role, ...ENTRY_SETTINGS, ...literals(expected)];
    this.wholeEntryText = `SELECT ${whole.map(setting).join(', ')}, pg_advisory_unlock_all()`;
    this.sessionText = sessionText(expected);
    // PGlite's DEFAULT gives the role back and not the user.
    this.cleanText = `SET SESSION AUTHORIZATION ${options.sessionUser ?? 'DEFAULT'}; ${CLEAN_SESSION}`;
  }

  /** Runs `work` on a connection of its own, which is clean before anybody else gets it. Throws `BusyError` too. */
  async withTenant<Result>(
    context: RequestContext,
    work: (tenant: TenantSession) => Promise<Result>,
  ): Promise<Result> {
    const leave = await this.takeTurn(context);
    const client = await this.checkOut(context.signal).catch((error: unknown) => {
      leave();
      throw error;
    });
    let open = true;
    try {
      return await work({
        query: (query) =>
          open
            ? logged(this.options.logger, context, query, () => this.executeAsCaller(client, context, query))
            : Promise.reject(
                new UnavailableError('The tenant session has ended; queries belong inside withTenant.'),
              ),
      });
    } finally {
      open = false;
      void this.giveBack(client).then(leave);
    }
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
    const session = this.sessions.get(client);
    if (session?.prepared.isClean === true) {
      client.release();
      return;
    }
    try {
      // Only where there is something to roll back: PostgreSQL answers anything else with a warning, which it also logs.
      if (client.getTransactionStatus() !== 'I') await client.query('ROLLBACK');
      await client.query(this.cleanText);
      if (session !== undefined) Object.assign(session.prepared, this.unprepared());
      client.release();
    } catch {
      client.release(true);
    }
  }

  private unprepared(): Prepared {
    return { names: this.options.reusesPlans ? new StatementNames() : undefined, isClean: true };
  }

  private async session(client: PoolClient): Promise<Session> {
    const known = this.sessions.get(client);
    if (known?.isStale === false) return known;
    const asked = performance.now();
    const answer = await client.query<{ pid: number; now: string; ready: boolean }>(this.sessionText);
    const midway = (asked + performance.now()) / 2;
    const row = answer.rows[0];
    const session: Session = {
      pid: row?.pid ?? 0,
      clockOriginMs: Number(row?.now) - midway,
      entryText: row?.ready === true ? this.entryText : this.wholeEntryText,
      tokens: new WeakMap(),
      isStale: false,
      prepared: known?.prepared ?? this.unprepared(),
    };
    this.sessions.set(client, session);
    return session;
  }

  /** What the query asked for, within the server's limit and within what is left of the call. */
  private timeoutMs(query: ScopedQuery, { deadline }: RequestContext): number {
    const limitMs = this.options.limits.statementTimeoutMs;
    const leftMs = deadline === undefined ? limitMs : deadline - performance.now() - ANSWER_MS;
    const timeoutMs = Math.floor(Math.min(query.timeoutMs ?? limitMs, limitMs, leftMs));
    if (timeoutMs >= 1) return timeoutMs; // PostgreSQL takes 0 for "no limit"
    throw new TimeoutError('No time was left in this call for another query. Ask for less at once.');
  }

  private entry(session: Session, principal: Principal, timeoutMs: number): Statement {
    return { text: session.entryText, values: [this.token(session, principal, timeoutMs), `${timeoutMs}ms`] };
  }

  private token({ tokens, clockOriginMs, pid }: Session, principal: Principal, timeoutMs: number): string {
    const { keys } = this.options;
    const known = tokens.get(principal);
    const needed = (clockOriginMs + performance.now() + timeoutMs) / 1000 + TOKEN_GRACE_SECONDS;
    if (known !== undefined && known.key === keys.current && known.expiresAt >= needed) return known.text;
    const expiresAt = needed + TOKEN_SPARE_SECONDS;
    const text = keys.mint(principal, expiresAt, pid);
    tokens.set(principal, { text, key: keys.current, expiresAt });
    return text;
  }

  /** Once more with what is in force now, when keys were replaced or a clock was set since this session was asked. */
  private async executeAsCaller(
    client: PoolClient,
    context: RequestContext,
    query: ScopedQuery,
  ): Promise<Rows> {
    try {
      const answer = await this.execute(client, context, query);
      noteForAudit(context, query, answer);
      return answer;
    } catch (error) {
      if (isOutdatedPlan(error)) return this.execute(client, context, query);
      if (!(error instanceof ContextRefusedError)) throw error;
      const session = this.sessions.get(client);
      if (session !== undefined) session.isStale = true;
      await this.options.keys.refresh().catch((cause: unknown) => {
        throw fromPostgres(cause, '', 0);
      });
      return this.execute(client, context, query);
    }
  }

  private async execute(client: PoolClient, context: RequestContext, query: ScopedQuery): Promise<Rows> {
    const { principal, signal } = context;
    const { limits, stop, overrunMs } = this.options;
    const { maxResultBytes: maxBytes } = limits;
    const timeoutMs = this.timeoutMs(query, context);
    let stopped: StopReason | undefined;
    let overrun: NodeJS.Timeout | undefined;
    let onAbort = () => {};
    try {
      const session = await this.session(client);
      if (signal.aborted) throw cancelled(signal);
      const end = (why: StopReason) => {
        if (stopped !== undefined) return;
        stopped = why;
        this.told.set(client, stop(session.pid, client));
      };
      onAbort = () => end('abort');
      signal.addEventListener('abort', onAbort, { once: true });
      const statement = { text: query.text, values: (query.values ?? []).map(bindText) };
      const limited = { maxRows: query.maxRows ?? 1000, maxBytes, onTooLarge: () => end('size') };
      const { prepared } = session;
      const governed = new GovernedQuery({
        entry: this.entry(session, principal, timeoutMs),
        query: statement,
        limits: limited,
        named: prepared.isClean ? prepared.names?.statement(query.text) : undefined,
        dropped: prepared.names?.takeDropped(),
        rollBack: query.rollBack,
      });
      overrun = setTimeout(() => end('timeout'), timeoutMs + overrunMs);
      const wasClean = prepared.isClean;
      prepared.isClean = false;
      client.query(governed);
      const answer = await governed.result;
      prepared.isClean = wasClean && governed.leftNothing && this.options.sessionUser === undefined;
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

type Setting = readonly [name: string, value: string];

const setting = ([name, value]: Setting): string => `set_config('${name}', ${value}, true)`;

const literals = (settings: Settings): readonly Setting[] =>
  Object.entries(settings).map(([name, value]) => [name, escapeLiteral(value)]);

/** Asks a new session for its pid and clock, and whether it began with the settings; it keeps those that it has. */
function sessionText(expected: Settings): string {
  const same = literals(expected).map(
    ([name, value]) => `current_setting('${name}') = set_config('${name}', ${value}, true)`,
  );
  return `SELECT pg_backend_pid() AS pid, (extract(epoch FROM clock_timestamp()) * 1000)::text AS now,
    ${same.join(' AND ')} AS ready`;
}

function noteForAudit({ facts }: RequestContext, { text }: ScopedQuery, { rows }: Rows): void {
  if (facts === undefined) return;
  facts.rows = (facts.rows ?? 0) + rows.length;
  if (text !== facts.sql?.text) facts.queries.add(text);
}
