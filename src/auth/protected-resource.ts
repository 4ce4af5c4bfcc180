import {
  getOAuthProtectedResourceMetadataUrl,
  type OAuthProtectedResourceMetadata,
} from '@modelcontextprotocol/server';
import {
  type AisleError,
  AuthenticationError,
  InsufficientScopeError,
  InvalidCredentialError,
  MalformedCredentialError,
} from '../kernel/errors.ts';
import { PERMISSIONS, type Permission } from '../kernel/permission.ts';
import type { Principal } from '../kernel/principal.ts';
import type { Issuer } from './issuer.ts';

/** How clients learn where to log in, and what for (RFC 9728). */
export interface ProtectedResource {
  readonly metadataUrl: string;
  readonly metadata: OAuthProtectedResourceMetadata;
  /** The value of `WWW-Authenticate` for a refusal; undefined where another token would not help. */
  challenge(error: AisleError, principal?: Principal): string | undefined;
}

export interface ProtectedResourceOptions {
  /** Where clients reach `/mcp`. */
  readonly publicUrl: string;
  readonly issuers: readonly Issuer[];
  /** What a first login asks for; tools ask for more when it is needed. */
  readonly initialScopes: readonly Permission[];
}

export function createProtectedResource(options: ProtectedResourceOptions): ProtectedResource {
  const { publicUrl, issuers, initialScopes } = options;
  const metadataUrl = getOAuthProtectedResourceMetadataUrl(new URL(publicUrl));
  const advertised = issuers.filter((each) => each.advertised !== false);
  const prefixes = [...new Set(advertised.map(({ scopePrefix = '' }) => scopePrefix))];
  // Each issuer has names of its own for scopes: known is whose token it is, or that clients log in where they are sent first.
  const prefixOf = (principal?: Principal) =>
    (issuers.find(({ issuer }) => issuer === principal?.issuer) ?? advertised[0])?.scopePrefix ?? '';
  const scopes = (permissions: Iterable<string>, prefix: string) =>
    [...permissions].map((name) => prefix + name);
  const initial = () => asked(scopes(initialScopes, prefixOf()));
  const bearer = (fields: Readonly<Record<string, string>>) =>
    `Bearer ${Object.entries({ ...fields, resource_metadata: metadataUrl })
      .map(([name, value]) => `${name}="${quotable(value)}"`)
      .join(', ')}`;
  return {
    metadataUrl,
    metadata: {
      resource: publicUrl,
      authorization_servers: advertised.map(({ issuer }) => issuer),
      scopes_supported: prefixes.flatMap((prefix) => scopes(PERMISSIONS, prefix)),
      bearer_methods_supported: ['header'],
      resource_name: 'Aisle',
    },
    challenge(error, principal) {
      if (error instanceof InsufficientScopeError) {
        // With what it has already: a new token takes the old one's place.
        const wanted = new Set([...(principal?.permissions ?? []), error.scope]);
        return bearer({
          error: 'insufficient_scope',
          ...asked(scopes(wanted, prefixOf(principal))),
          error_description: error.message,
        });
      }
      if (error instanceof InvalidCredentialError)
        return bearer({
          error: 'invalid_token',
          error_description: error.message,
          ...initial(),
        });
      if (error instanceof MalformedCredentialError)
        return bearer({ error: 'invalid_request', error_description: error.message });
      return error instanceof AuthenticationError ? bearer(initial()) : undefined;
    },
  };
}

function asked(scopes: readonly string[]): { readonly scope?: string } {
  return scopes.length === 0 ? {} : { scope: scopes.join(' ') };
}

/** Inside of a quoted-string of a header. */
function quotable(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]/g, '?').replaceAll(/["\\]/g, "'");
}
