import { LRUCache } from 'lru-cache';
import { AuthorizationError } from '../kernel/errors.ts';
import type { Principal } from '../kernel/principal.ts';
import type { Headers } from './authenticator.ts';
import { IDENTITY_HEADER, readIdentity } from './identity-header.ts';

/**
 * The principal, confined to the store that the header `x-rls-user-id` names. Throws `AuthorizationError` for anything but
 * one of the caller's own stores: the header takes stores away and never adds one.
 */
export type Narrow = (principal: Principal, headers: Headers) => Promise<Principal>;

export interface NarrowingOptions {
  /** Which of the subject's own stores an id names: that of the store, or that of the store's own subject. */
  readonly findOwnStore: (subject: string, id: string) => Promise<string | undefined>;
  /** How long a store that was found is remembered. Default 5000. The database holds the caller to its grants meanwhile. */
  readonly cacheMs?: number;
}

const MAX_CACHED = 1000;

export function createNarrowing({ findOwnStore, cacheMs = 5000 }: NarrowingOptions): Narrow {
  // A look that finds none is not kept, and one that is under way is shared.
  const stores = new LRUCache<string, string, Principal>({
    max: MAX_CACHED,
    ttl: cacheMs,
    fetchMethod: (key, _, { context }) => findOwnStore(context.subject, key.slice(context.subject.length)),
  });
  return async (principal, headers) => {
    if (principal.method === 'development') return principal; // there the header has said who calls
    const id = readIdentity(headers);
    if (id === undefined) return principal;
    if (id === 'malformed') throw notOwn();
    const store = await stores.fetch(`${principal.subject}${id}`, { context: principal });
    if (store === undefined || (principal.store !== undefined && principal.store !== store)) throw notOwn();
    return { ...principal, store };
  };
}

/** The same whether there is no such store or it is another's. */
function notOwn(): AuthorizationError {
  return new AuthorizationError('Invalid RLS context for user', {
    data: { header: IDENTITY_HEADER, expected: 'the id of one of your stores, or no such header' },
  });
}
