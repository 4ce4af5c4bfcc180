import { createDevelopmentAuthenticator } from '../auth/development.ts';
import type { Config } from '../config.ts';
import type { Database } from '../data/database.ts';
import { AuthenticationError, ConfigurationError } from '../kernel/errors.ts';
import type { Logger } from '../kernel/logger.ts';
import type { Principal } from '../kernel/principal.ts';
import { apiKeysOf, isAuthenticated, refuseOpenDoor } from './authentication.ts';
import { whoCalls } from './toolbox.ts';

/** Whoever speaks through the pipes of this process. */
export interface StdioCaller {
  readonly principal: Principal;
  /** Calls `end` once the caller may call no more, or may do other things; returns how to stop watching. */
  onGone(end: () => void): () => Promise<void>;
}

const WATCH_MS = 2000;

/**
 * By AISLE_API_KEY in any environment; by `--as` in development, where nothing else is configured. Throws
 * `InvalidCredentialError`, `ConfigurationError`, `ValidationError`.
 */
export async function callerOverStdio(
  config: Config,
  database: Database,
  logger: Logger,
  as: string | undefined,
): Promise<StdioCaller> {
  const { AISLE_API_KEY: key } = config;
  if (key !== undefined) {
    if (as !== undefined)
      throw new ConfigurationError('AISLE_API_KEY says who calls, and --as does too. Leave one out.');
    const authenticate = apiKeysOf(database, logger);
    return watched(() => authenticate(key));
  }
  if (isAuthenticated(config))
    throw new ConfigurationError('Callers prove who they are here. Over stdio, set AISLE_API_KEY.');
  refuseOpenDoor(config);
  if (as === undefined) throw whoCalls((await database.listSubjects()).map(({ name }) => name));
  const { findSubject } = database;
  const authenticator = createDevelopmentAuthenticator({ findSubject, fixedSubject: as });
  return watched(() => authenticator.authenticate({}));
}

/** A pipe stays open for days. Once its caller is not who it was, in what it may do or at all, it ends: clients connect anew. */
async function watched(authenticate: () => Promise<Principal>): Promise<StdioCaller> {
  const principal = await authenticate();
  return {
    principal,
    onGone(end) {
      const timer = setInterval(() => {
        authenticate().then(
          (now) => {
            if (rightsOf(now) !== rightsOf(principal)) end();
          },
          (error: unknown) => {
            if (error instanceof AuthenticationError) end();
          },
        );
      }, WATCH_MS).unref();
      return async () => clearInterval(timer);
    },
  };
}

function rightsOf({ permissions, store }: Principal): string {
  return JSON.stringify([[...permissions].sort(), store]);
}
