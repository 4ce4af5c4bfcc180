import { LRUCache } from 'lru-cache';
import { type Clock, systemClock } from '../kernel/clock.ts';
import { InvalidCredentialError } from '../kernel/errors.ts';
import type { Principal } from '../kernel/principal.ts';
import { digest } from './fingerprints.ts';

/**
 * How long a credential that was checked is not checked again, in milliseconds: within that time a revocation, a
 * disabled subject and a changed role take effect on every replica.
 */
const REMEMBERED_MS = 2000;
const MAX_REMEMBERED = 10_000;

export interface Checked {
  readonly principal: Principal;
  /** Milliseconds since the epoch at which the credential ends by itself. */
  readonly expiresAt: number;
}

/**
 * `check`, asked again for the same credential after two seconds, or when it ends. Calls at the same time share one
 * check; one that fails is not remembered. Credentials are kept by hash only.
 */
export function rememberChecks(
  check: (credential: string) => Promise<Checked>,
  clock: Clock = systemClock,
): (credential: string) => Promise<Principal> {
  const principals = new LRUCache<string, Principal, string>({
    max: MAX_REMEMBERED,
    perf: { now: () => clock.monotonic() },
    ttlResolution: 0,
    ignoreFetchAbort: true,
    fetchMethod: async (_, __, { context: credential, options }) => {
      const { principal, expiresAt } = await check(credential);
      // lru-cache takes 0 as "for ever".
      options.ttl = Math.max(1, Math.floor(Math.min(REMEMBERED_MS, expiresAt - clock.now())));
      return principal;
    },
  });
  return async (credential) => {
    const principal = await principals.fetch(digest(credential), { context: credential });
    if (principal === undefined) throw new InvalidCredentialError('The credential is not valid.');
    return principal;
  };
}
