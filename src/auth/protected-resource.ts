import {
  getOAuthProtectedResourceMetadataUrl,
  type OAuthProtectedResourceMetadata,
} from '@modelcontextprotocol/server';
import {
  type AisleError,
  AuthenticationError,
  InsufficientScopeError,
  InvalidCredentialError,
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
  readonly scopePrefix: string;
}

export function createProtectedResource(options: ProtectedResourceOptions): ProtectedResource {
  const { publicUrl, issuers, initialScopes, scopePrefix } = options;
  const metadataUrl = getOAuthProtectedResourceMetadataUrl(new URL(publicUrl));
  const scopes = (permissions: Iterable<string>) => [...permissions].map((name) => scopePrefix + name);
  const bearer = (fields: Readonly<Record<string, string>>) =>
    `Bearer ${Object.entries({ ...fields, resource_metadata: metadataUrl })
      .map(([name, value]) => `${name}="${quotable(value)}"`)
      .join(', ')}`;
  return {
    metadataUrl,
    metadata: {
      resource: publicUrl,
      authorization_servers: issuers
        .filter(({ advertised }) => advertised !== false)
        .map(({ issuer }) => issuer),
      scopes_supported: scopes(PERMISSIONS),
      bearer_methods_supported: ['header'],
      resource_name: 'Aisle',
    },
    challenge(error, principal) {
      if (error instanceof InsufficientScopeError) {
        // With what it has already: a new token takes the old one's place.
        const wanted = new Set([...(principal?.permissions ?? []), error.scope]);
        return bearer({
          error: 'insufficient_scope',
          ...asked(scopes(wanted)),
          error_description: error.message,
        });
      }
      if (error instanceof InvalidCredentialError)
        return bearer({
          error: 'invalid_token',
          error_description: error.message,
          ...asked(scopes(initialScopes)),
        });
      return error instanceof AuthenticationError ? bearer(asked(scopes(initialScopes))) : undefined;
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
