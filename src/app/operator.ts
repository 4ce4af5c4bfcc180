import { randomUUID } from 'node:crypto';
import { hostname, userInfo } from 'node:os';
import type { Config } from '../config.ts';
import type { SecurityEvent, SecurityLog } from '../kernel/audit.ts';
import { AisleError, UnavailableError } from '../kernel/errors.ts';

/** Who runs a command, as far as this machine can tell. */
export interface Person {
  /** Of the operating system; absent where it has no name for the process's user. */
  readonly user?: string;
  readonly host: string;
  /** Whom DATABASE_URL names. */
  readonly databaseUser?: string;
}

/** What an operator's command does, as the security log tells it. */
export interface Change {
  /** What has happened once it is done, in snake_case, e.g. `access_granted`. */
  readonly type: string;
  readonly action: string;
  readonly resourceType?: string;
  readonly resourceId?: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** What is known of a change only when it is done. */
type Outcome = Pick<Change, 'resourceId' | 'details'>;

/**
 * Makes a change, with a record before and after. The event `operator_began`, which names what is to be done, is committed
 * first: what can't be recorded is not done, and throws `UnavailableError`. Then comes the change's own event, with whether it
 * succeeded. Both have one request id.
 */
export type Changing = <Result>(
  change: Change,
  work: () => Promise<Result>,
  outcomeOf?: (result: Result) => Outcome,
) => Promise<Result>;

export function personOf({ DATABASE_URL: url }: Config): Person {
  const user = nameOfUser();
  const databaseUser = url === undefined ? undefined : databaseUserOf(url);
  return {
    ...(user !== undefined && { user }),
    host: hostname(),
    ...(databaseUser !== undefined && { databaseUser }),
  };
}

/** A container's user may have a number only. */
function nameOfUser(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    return undefined;
  }
}

function databaseUserOf(text: string): string | undefined {
  const url = new URL(text);
  const name = decodeURIComponent(url.username) || url.searchParams.get('user');
  return name || undefined;
}

export function recordedChanges(log: SecurityLog, person: Person): Changing {
  return async (change, work, outcomeOf = () => ({})) => {
    const requestId = randomUUID();
    const tell = (changed: Change, how: How) =>
      log.record({ ...operatorEvent(person, changed, how), requestId });
    await tell({ ...change, type: 'operator_began' }, { success: true });
    let result: Awaited<ReturnType<typeof work>>;
    try {
      result = await work();
    } catch (error) {
      const reason = error instanceof AisleError ? error.message : 'Unexpected failure.';
      // That it began is on record; why it failed is what the operator is to hear, whether it can be recorded or not.
      await tell(change, { success: false, reason }).catch(() => {});
      throw error;
    }
    const outcome = outcomeOf(result);
    const done = { ...change, ...outcome, details: { ...change.details, ...outcome.details } };
    await tell(done, { success: true }).catch(outcomeUnrecorded);
    return result;
  };
}

type How = Pick<SecurityEvent, 'success' | 'reason'>;

export function operatorEvent({ user, host, databaseUser }: Person, change: Change, how: How): SecurityEvent {
  return {
    ...change,
    ...how,
    severity: 'WARNING',
    name: `operator ${user ?? '(no name)'}`,
    details: { ...change.details, operator: { user, host, database_user: databaseUser } },
  };
}

function outcomeUnrecorded(cause: unknown): never {
  throw new UnavailableError(
    'It was done, but that could not be recorded in the audit log, which has its beginning only. Look before doing it again.',
    { cause },
  );
}
