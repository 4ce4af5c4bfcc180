import { LRUCache } from 'lru-cache';
import { AuthenticationError } from '../kernel/errors.ts';
import type { Principal } from '../kernel/principal.ts';
import type { Role } from '../kernel/role.ts';
import { permissionsOf } from '../policy/roles.ts';
import type { Authenticator, Headers } from './authenticator.ts';
import { IDENTITY_HEADER, readIdentity } from './identity-header.ts';

export interface DevelopmentAuthenticatorOptions {
  /** Looks up a subject by UUID or slug; undefined when nobody has it. */
  readonly findSubject: (
    idOrSlug: string,
  ) => Promise<
    { readonly subject: string; readonly name: string; readonly roles: readonly Role[] } | undefined
  >;
  /** Everyone is this subject (UUID or slug), as `--as` says; a header may then only repeat it. */
  readonly fixedSubject?: string | undefined;
  /** How long a subject that was found is remembered. Default 5000. */
  readonly cacheMs?: number;
}

const MAX_CACHED = 1000;

/**
 * Identity on trust, for development on loopback: the caller says who it is. What it can't do is be nobody: without an
 * id, or with one that is malformed, nil or unknown, it is refused, never given every store.
 */
export function createDevelopmentAuthenticator(options: DevelopmentAuthenticatorOptions): Authenticator {
  const { findSubject, fixedSubject } = options;
  // A fetch that finds nobody is not kept, and one that is under way is shared.
  const principals = new LRUCache<string, Principal>({
    max: MAX_CACHED,
    ttl: options.cacheMs ?? 5000,
    fetchMethod: async (idOrSlug) => {
      const found = await findSubject(idOrSlug);
      if (found === undefined) return undefined;
      const { subject, name, roles } = found;
      return { subject, name, roles, permissions: permissionsOf(roles), method: 'development' };
    },
  });
  const principalOf = async (idOrSlug: string, unknown: string): Promise<Principal> => {
    const principal = await principals.fetch(idOrSlug);
    if (principal === undefined) throw new AuthenticationError(unknown);
    return principal;
  };
  return {
    async authenticate(headers) {
      const claimed = claimedId(headers);
      if (fixedSubject === undefined) {
        if (claimed === undefined)
          throw new AuthenticationError(`Send your id (a UUID) in the header ${IDENTITY_HEADER}.`);
        return principalOf(claimed, `Nobody has the id in ${IDENTITY_HEADER}.`);
      }
      const fixed = await principalOf(fixedSubject, `There is no subject '${fixedSubject}'.`);
      if (claimed !== undefined && claimed !== fixed.subject.toLowerCase()) {
        throw new AuthenticationError(
          `This server speaks for one subject only; ${IDENTITY_HEADER} names another.`,
        );
      }
      return fixed;
    },
    claimed(headers) {
      const id = readIdentity(headers);
      return id === undefined || id === 'malformed' ? undefined : { kind: 'development', id };
    },
  };
}

function claimedId(headers: Headers): string | undefined {
  const id = readIdentity(headers);
  if (id !== 'malformed') return id;
  throw new AuthenticationError(`The header ${IDENTITY_HEADER} must hold one UUID.`);
}
