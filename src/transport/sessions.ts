import type { Headers as RequestHeaders } from '../auth/authenticator.ts';
import { AuthenticationError } from '../kernel/errors.ts';
import type { Logger } from '../kernel/logger.ts';
import type { Principal } from '../kernel/principal.ts';
import type { ServerFactory } from '../protocol/server-factory.ts';
import { createEventLog } from './event-log.ts';
import { type Owner, openSession, type Session } from './session.ts';

/** Bounds of the sessions of one process. */
export interface SessionLimits {
  /** Together; one subject has a quarter of them at most. 0: there are none. */
  readonly max: number;
  /** After which a session that nothing is asked of ends. */
  readonly idleMs: number;
  /** How often whoever has a stream open is looked up again. Default 10,000. */
  readonly watchMs?: number;
}

export interface SessionsOptions {
  readonly limits: SessionLimits;
  readonly makeServer: ServerFactory;
  /** Who the headers of an earlier request are now. Throws `AuthenticationError` for nobody any more. */
  readonly authenticate: (headers: RequestHeaders) => Promise<Principal>;
  readonly logger: Logger;
}

/**
 * The sessions of clients of 2025-11-25, in the memory of this process. Each belongs to the subject that opened it, to its
 * application and store, and ends when that may do less than before, or is nobody any more.
 */
export interface Sessions {
  /** One that waits for its `initialize`; undefined where there is no room, or none are kept. */
  open(owner: Owner): Promise<Session | undefined>;
  /** Undefined for one that is not there, or is another's: the two are never told apart. */
  find(id: string, owner: Owner): Session | undefined;
  close(): Promise<void>;
}

/** Characters of JSON that all sessions together may keep for clients that come back. */
const KEPT_EVENTS = 16 * 1024 * 1024;
/** One subject may have one part of this many. */
const PARTS = 4;
const WATCH_MS = 10_000;

export function createSessions({ limits, makeServer, authenticate, logger }: SessionsOptions): Sessions {
  const sessions = new Map<string, Session>();
  const log = createEventLog(KEPT_EVENTS);

  const end = (session: Session, reason: string): void => {
    logger.info('session_ended', { subject: session.owner.principal.subject, reason });
    void session.end();
  };
  const check = async (session: Session): Promise<void> => {
    const { principal, headers } = session.owner;
    if (session.idleMs > limits.idleMs) return end(session, 'idle');
    if (!session.isOpen) return;
    try {
      const now = await authenticate(headers);
      if (!isSame(principal, now) || losesRights(principal, now)) end(session, 'rights');
    } catch (error) {
      if (error instanceof AuthenticationError) end(session, 'credential');
      else logger.debug('session_unchecked', { error });
    }
  };
  const watch = setInterval(() => {
    for (const session of sessions.values()) void check(session);
  }, limits.watchMs ?? WATCH_MS).unref();

  /** A subject that has its part already gives up the session that it has not used for longest. */
  const hasRoom = (subject: string): boolean => {
    const own = [...sessions.values()].filter(({ owner }) => owner.principal.subject === subject);
    if (own.length < Math.max(1, Math.floor(limits.max / PARTS))) return sessions.size < limits.max;
    const [idlest] = own.filter(({ isOpen }) => !isOpen).sort((one, other) => other.idleMs - one.idleMs);
    if (idlest !== undefined) end(idlest, 'replaced');
    return idlest !== undefined;
  };

  return {
    async open(owner) {
      if (limits.max === 0 || !hasRoom(owner.principal.subject)) return undefined;
      const session = await openSession(makeServer, log.open(), owner, (id) => sessions.delete(id));
      sessions.set(session.id, session);
      return session;
    },
    find(id, owner) {
      const session = sessions.get(id);
      if (session === undefined || !isSame(session.owner.principal, owner.principal)) return undefined;
      if (losesRights(session.owner.principal, owner.principal)) {
        end(session, 'rights');
        return undefined;
      }
      session.owner = owner;
      return session;
    },
    async close() {
      clearInterval(watch);
      await Promise.all([...sessions.values()].map((session) => session.end()));
    },
  };
}

/** Whether both are one subject, of one application and confined to one store. */
export function isSame(one: Principal, other: Principal): boolean {
  return one.subject === other.subject && one.client === other.client && one.store === other.store;
}

/** What its streams have carried was carried under rights that the principal has no more. */
export function losesRights(before: Principal, now: Principal): boolean {
  return [...before.permissions].some((permission) => !now.permissions.has(permission));
}
