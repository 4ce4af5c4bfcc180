import { ConfigurationError } from '../kernel/errors.ts';
import { isLoopback } from '../kernel/loopback.ts';

/** An authorization server whose tokens are taken. */
export interface Issuer {
  /** Exactly as in the tokens' `iss`. */
  readonly issuer: string;
  readonly audiences: readonly string[];
  /** Where its metadata is, if not at the usual place. */
  readonly metadataUrl?: string;
  /** Whether clients are sent there to log in. Default true. */
  readonly advertised?: boolean;
  /** At least one of these claims must be there: what an access token has and an ID token has not. */
  readonly anyOfClaims?: readonly string[];
  /** Whether its access tokens say by `typ` that they are: `at+jwt` of RFC 9068. Default false. */
  readonly typed?: boolean;
  /** What it puts before the names of scopes, e.g. `api://client-id/`. Default nothing. */
  readonly scopePrefix?: string;
}

/** Whether an address may be trusted: nobody between can have changed what it says. */
export function isTrustworthy(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname, username, hash } = new URL(url);
  const encrypted = protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname));
  return encrypted && username === '' && hash === '';
}

/** Throws `ConfigurationError` for an issuer whose word is worth nothing. */
export function checkIssuer({ issuer, audiences }: Issuer): void {
  if (!isTrustworthy(issuer))
    throw new ConfigurationError(
      `The issuer ${issuer} must be an https URL (http on loopback only). Mend OIDC_ISSUERS.`,
    );
  if (audiences.length === 0)
    throw new ConfigurationError(
      `Tokens of ${issuer} must be meant for somebody. Set OIDC_AUDIENCE to the audience that they carry.`,
    );
}

/** Where OpenID Connect Discovery and RFC 8414 put the metadata, in the order in which they are tried. */
export function metadataUrls({ issuer, metadataUrl }: Issuer): readonly string[] {
  if (metadataUrl !== undefined) return [metadataUrl];
  const { origin, pathname } = new URL(issuer);
  const path = pathname.replace(/\/$/, '');
  return [
    `${origin}${path}/.well-known/openid-configuration`,
    `${origin}/.well-known/oauth-authorization-server${path}`,
  ];
}
