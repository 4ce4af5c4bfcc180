import { createApiKeyAuthenticator } from '../auth/api-key-authenticator.ts';
import type { Authenticator } from '../auth/authenticator.ts';
import { claimMapping } from '../auth/claim-mapping.ts';
import { createCredentialAuthenticator } from '../auth/credential-authenticator.ts';
import { createDevelopmentAuthenticator } from '../auth/development.ts';
import { entraIssuers } from '../auth/entra.ts';
import type { Issuer } from '../auth/issuer.ts';
import { createProtectedResource, type ProtectedResource } from '../auth/protected-resource.ts';
import { createTokenAuthenticator } from '../auth/token-authenticator.ts';
import { createTokenVerifier } from '../auth/token-verifier.ts';
import type { Config } from '../config.ts';
import type { Database } from '../data/database.ts';
import { ConfigurationError } from '../kernel/errors.ts';
import type { Logger } from '../kernel/logger.ts';
import { isLoopback } from '../kernel/loopback.ts';
import { proofsOf } from '../kernel/proofs.ts';

export interface Authentication {
  readonly authenticator: Authenticator;
  /** Where clients learn where to log in; absent where no tokens are taken. */
  readonly resource?: ProtectedResource;
}

/** Whether callers prove who they are. Where they do, nobody is believed without proof. */
export function isAuthenticated(config: Config): boolean {
  return proofsOf(config).length > 0;
}

/** Throws `ConfigurationError` where anybody could call as anybody. */
export function refuseOpenDoor(config: Config): void {
  const how = 'Configure a provider (ENTRA_TENANT_ID or OIDC_ISSUERS) or API_KEYS=on';
  if (config.ENVIRONMENT !== 'development')
    throw new ConfigurationError(
      `ENVIRONMENT=${config.ENVIRONMENT} needs authentication, and none is configured. ${how}, or use ENVIRONMENT=development.`,
    );
  const opened = (['PUBLIC_URL', 'TRUSTED_PROXIES'] as const).find((name) => isElsewhere(config[name]));
  if (opened !== undefined)
    throw new ConfigurationError(
      `${opened} says that others reach this server, and no authentication is configured: they would be whoever they say they are. ${how}, or leave ${opened} out.`,
    );
  if (!isLoopback(config.HOST))
    throw new ConfigurationError(
      `No authentication is configured, so Aisle listens on loopback only and not on ${config.HOST}. ${how}, or use HOST=127.0.0.1.`,
    );
}

/** Whether an address, or a proxy in front, is there for other machines. */
function isElsewhere(value: string | readonly string[] | undefined): boolean {
  if (typeof value === 'string') return !isLoopback(new URL(value).hostname);
  return value !== undefined && value.length > 0;
}

/**
 * How the settings say that callers over HTTP prove who they are. `url` is where the server listens, `as` the subject that
 * everybody is in development. Throws `ConfigurationError` for settings that don't go together.
 */
export function authenticationOf(
  config: Config,
  database: Database,
  logger: Logger,
  { url, as }: { readonly url: string; readonly as?: string | undefined },
): Authentication {
  if (!isAuthenticated(config)) {
    refuseOpenDoor(config);
    const { findSubject } = database;
    return { authenticator: createDevelopmentAuthenticator({ findSubject, fixedSubject: as }) };
  }
  if (as !== undefined)
    throw new ConfigurationError('--as is for development; here callers prove who they are. Leave it out.');
  const publicUrl = config.PUBLIC_URL ?? url;
  const tokens = tokensOf(config, database, publicUrl);
  const apiKeys = config.API_KEYS ? apiKeysOf(database, logger) : undefined;
  const authenticator = createCredentialAuthenticator({ tokens, apiKeys });
  return tokens === undefined ? { authenticator } : { authenticator, resource: tokens.resource };
}

/** Checks API keys against the database. */
export function apiKeysOf(database: Database, logger: Logger) {
  return createApiKeyAuthenticator({
    credentials: database.credentials,
    secrets: database.secretKeys,
    logger,
  });
}

function tokensOf(config: Config, { credentials }: Database, publicUrl: string) {
  const issuers = issuersOf(config, publicUrl);
  if (issuers.length === 0) return undefined;
  return {
    authenticate: createTokenAuthenticator({
      verify: createTokenVerifier(issuers),
      credentials,
      mapping: claimMapping(config.OIDC_CLAIMS, config.OIDC_ROLES, entraScopePrefix(config)),
      provisioning: config.OIDC_PROVISIONING,
    }),
    resource: createProtectedResource({
      publicUrl: publicUrlOf(config, publicUrl),
      issuers,
      initialScopes: config.OIDC_INITIAL_SCOPES,
    }),
  };
}

function issuersOf(config: Config, publicUrl: string): readonly Issuer[] {
  const { ENTRA_TENANT_ID: tenant, ENTRA_CLIENT_ID: client } = config;
  if ((tenant === undefined) !== (client === undefined))
    throw new ConfigurationError('Entra ID needs both ENTRA_TENANT_ID and ENTRA_CLIENT_ID.');
  const { OIDC_SCOPE_PREFIX: scopePrefix, OIDC_AT_JWT: typed } = config;
  const audiences = config.OIDC_AUDIENCE.length > 0 ? config.OIDC_AUDIENCE : [publicUrl];
  return [
    ...(tenant !== undefined && client !== undefined
      ? entraIssuers(tenant, client, entraScopePrefix(config))
      : []),
    ...config.OIDC_ISSUERS.map((issuer) => ({ issuer, audiences, scopePrefix, typed })),
  ];
}

function entraScopePrefix({ OIDC_SCOPE_PREFIX: prefix, ENTRA_CLIENT_ID: client }: Config): string {
  return prefix !== '' || client === undefined ? prefix : `api://${client}/`;
}

/** An address that others can reach must be said: a server does not know by which name it is called. */
function publicUrlOf(config: Config, publicUrl: string): string {
  if (config.PUBLIC_URL === undefined && !isLoopback(config.HOST))
    throw new ConfigurationError(
      `PUBLIC_URL is needed with HOST=${config.HOST}: clients find the place to log in by it. Set it to the address by which they reach /mcp.`,
    );
  return publicUrl;
}
