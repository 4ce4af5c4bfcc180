import { escapeLiteral, type PoolClient } from 'pg';
import type { Principal } from '../kernel/principal.ts';
import type { RequestContext } from '../kernel/request-context.ts';
import type { SessionTurn, Statement } from './governed-query.ts';
import type { KeyRing } from './key-ring.ts';
import { VISIBLE_SCOPE } from './scope-text.ts';
import { type SessionLimits, type Settings, sessionSettings } from './session-settings.ts';
import { StatementNames } from './statement-names.ts';

/** What is known of one connection's session. */
export interface ReaderSession {
  readonly pid: number;
  /** The database's clock, in milliseconds since 1970, when our monotonic one was at 0: it goes on when ours is set. */
  readonly clockOriginMs: number;
  /** What binds a query: with all settings where the login does not bring them. */
  readonly entryText: string;
  readonly tokens: WeakMap<Principal, Token>;
  /** Whether texts that are asked again are kept parsed and planned. */
  readonly reusesPlans: boolean;
  readonly state: SessionState;
}

/** What the queries of a session have made of it. */
interface SessionState {
  /** Of the texts that are kept; undefined where none is. */
  names: StatementNames | undefined;
  /** Something may be left in it; nothing but a cleaning takes that back. Until then nothing is kept or looked for by name. */
  isDirty: boolean;
  /** Queries that have not ended. */
  running: number;
  /** Whether clock and settings are to be asked again. */
  isStale: boolean;
}

interface Token {
  readonly text: string;
  readonly keyId: string;
  /** Unix seconds. */
  readonly expiresAt: number;
}

export interface ReaderSessionsOptions {
  readonly keys: KeyRing;
  readonly limits: SessionLimits;
  /** Role to take by the entry statement, where the session's own user isn't already it. */
  readonly role?: string;
  /** Whose session it is, where it can be made somebody else's (a superuser's, on the embedded database). */
  readonly sessionUser?: string;
  /** A channel that the sessions listen to, which cleaning would otherwise end. */
  readonly listensTo?: string;
}

type Setting = readonly [name: string, expression: string];

/** A token outlives the query's time by this much, for clocks and queues. */
const TOKEN_GRACE_SECONDS = 30;
/** A token is used again for as long, so that not every query pays for a signature. */
const TOKEN_SPARE_SECONDS = 10;

/** Said each time and for the transaction only. `transaction_read_only` can't be taken back once this has run. */
const ENTRY_SETTINGS: readonly Setting[] = [
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

/**
 * What leaves the session as a SELECT found it: back to what the login begins a session with, and no lock held. It is part
 * of the transaction; when that fails, the session is cleaned as a whole.
 */
export const CLEAN_UP: readonly Statement[] = [
  { text: 'RESET ALL', values: [] },
  { text: 'SELECT pg_catalog.pg_advisory_unlock_all()', values: [] },
];

/**
 * Functions that run the SQL they are given, within a SELECT. By them a text that came past the guard could PREPARE another
 * statement under the name of a plan that all callers share, so where a reader may call one no plan is kept.
 */
const SQL_RUNNERS = [
  'query_to_xml',
  'query_to_xmlschema',
  'query_to_xml_and_xmlschema',
  'ts_stat',
  'ts_rewrite',
];

/** The sessions that callers' queries run in: how each begins, is bound to a caller, and is cleaned. */
export class ReaderSessions {
  private readonly keys: KeyRing;
  private readonly isShared: boolean;
  private readonly entryText: string;
  /** The same with everything that the login's session should have begun with. */
  private readonly wholeEntryText: string;
  private readonly factsText: string;
  private readonly cleanText: string;
  private readonly sessions = new WeakMap<PoolClient, ReaderSession>();
  private readonly asking = new WeakMap<PoolClient, Promise<ReaderSession>>();

  constructor({ keys, limits, role, sessionUser, listensTo }: ReaderSessionsOptions) {
    this.keys = keys;
    this.isShared = sessionUser !== undefined;
    const expected = literals(sessionSettings(limits));
    const bound: readonly Setting[] =
      role === undefined ? ENTRY_SETTINGS : [['role', escapeLiteral(role)], ...ENTRY_SETTINGS];
    this.entryText = entryText(bound);
    this.wholeEntryText = entryText([...bound, ...expected]);
    this.factsText = factsText(expected);
    // PGlite's DEFAULT gives the role back and not the user.
    const listen = listensTo === undefined ? '' : `; LISTEN ${listensTo}`;
    this.cleanText = `SET SESSION AUTHORIZATION ${sessionUser ?? 'DEFAULT'}; ${CLEAN_SESSION}${listen}`;
  }

  /** Asks a connection for its facts when it is new, or they may have changed; those who ask at once share one answer. */
  async of(client: PoolClient): Promise<ReaderSession> {
    const known = this.sessions.get(client);
    if (known?.state.isStale === false) return known;
    const asking =
      this.asking.get(client) ?? this.ask(client, known).finally(() => this.asking.delete(client));
    this.asking.set(client, asking);
    return asking;
  }

  private async ask(client: PoolClient, known: ReaderSession | undefined): Promise<ReaderSession> {
    const asked = performance.now();
    const { rows } = await client.query<SessionFacts>(this.factsText);
    const midway = (asked + performance.now()) / 2;
    const [facts] = rows;
    // The one session that administration shares is cleaned of everything each time.
    const reusesPlans = facts?.tamperproof === true && !this.isShared;
    const names = reusesPlans ? new StatementNames() : undefined;
    const state = known?.state ?? { names, isDirty: false, running: 0, isStale: false };
    state.isStale = false;
    const session: ReaderSession = {
      pid: facts?.pid ?? 0,
      clockOriginMs: Number(facts?.now) - midway,
      entryText: facts?.ready === true ? this.entryText : this.wholeEntryText,
      tokens: new WeakMap(),
      ...{ reusesPlans, state },
    };
    this.sessions.set(client, session);
    return session;
  }

  /** The context was not believed: clock and key are to be looked at again. */
  doubt(client: PoolClient): void {
    const session = this.sessions.get(client);
    if (session !== undefined) session.state.isStale = true;
  }

  /** What binds a query to a caller. Where reads are noted its last column tells which stores the query sees. */
  entry(session: ReaderSession, { principal, reads }: RequestContext, timeoutMs: number): Statement {
    const text = reads === undefined ? session.entryText : `${session.entryText}, ${VISIBLE_SCOPE}`;
    return { text, values: [this.token(session, principal, timeoutMs), `${timeoutMs}ms`] };
  }

  /** A query begins: it is in the session's queue. */
  begin({ state }: ReaderSession): SessionTurn {
    state.running += 1;
    return {
      names: () => (state.isDirty ? undefined : state.names),
      ended: (leftNothing) => {
        state.running -= 1;
        if (!leftNothing || this.isShared) state.isDirty = true;
      },
    };
  }

  /** Makes a connection fit for the next caller; most are. Rejects when it can't be. */
  async clean(client: PoolClient): Promise<void> {
    const session = this.sessions.get(client);
    if (session?.state.isDirty === false && session.state.running === 0) return;
    // Whatever is queued behind the cleaning can't look for names that it takes away.
    if (session !== undefined) session.state.isDirty = true;
    // Only where there is something to roll back: PostgreSQL answers anything else with a warning, which it also logs.
    if (client.getTransactionStatus() !== 'I') await client.query('ROLLBACK');
    await client.query(this.cleanText);
    if (session === undefined) return;
    session.state.names = session.reusesPlans ? new StatementNames() : undefined;
    session.state.isDirty = false;
  }

  private token(
    { tokens, clockOriginMs, pid }: ReaderSession,
    principal: Principal,
    timeoutMs: number,
  ): string {
    const { keyId } = this.keys.current;
    const known = tokens.get(principal);
    const needed = (clockOriginMs + performance.now() + timeoutMs) / 1000 + TOKEN_GRACE_SECONDS;
    if (known !== undefined && known.keyId === keyId && known.expiresAt >= needed) return known.text;
    const expiresAt = needed + TOKEN_SPARE_SECONDS;
    const text = this.keys.mint(principal, expiresAt, pid);
    tokens.set(principal, { text, keyId, expiresAt });
    return text;
  }
}

interface SessionFacts {
  readonly pid: number;
  /** Milliseconds since 1970. */
  readonly now: string;
  /** It began with all settings. */
  readonly ready: boolean;
  /** No function that its user may call runs SQL given as text. */
  readonly tamperproof: boolean;
}

const literals = (settings: Settings): readonly Setting[] =>
  Object.entries(settings).map(([name, value]) => [name, escapeLiteral(value)]);

const set = ([name, expression]: Setting): string => `set_config('${name}', ${expression}, true)`;

const entryText = (settings: readonly Setting[]): string => `SELECT ${settings.map(set).join(', ')}`;

function factsText(expected: readonly Setting[]): string {
  const same = expected.map((setting) => `current_setting('${setting[0]}') = ${set(setting)}`);
  return `SELECT pg_backend_pid() AS pid, (extract(epoch FROM clock_timestamp()) * 1000)::text AS now,
    ${same.join(' AND ')} AS ready,
    NOT EXISTS (
      SELECT FROM pg_catalog.pg_proc
      WHERE pronamespace = 'pg_catalog'::regnamespace AND proname IN (${SQL_RUNNERS.map(escapeLiteral).join(', ')})
        AND has_function_privilege(oid, 'EXECUTE')
    ) AS tamperproof`;
}
