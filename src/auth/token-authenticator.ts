import type { Clock } from '../kernel/clock.ts';
import type { CredentialLookup, IdentityState, KnownSubject } from '../kernel/credentials.ts';
import { AuthorizationError, InvalidCredentialError } from '../kernel/errors.ts';
import type { Principal } from '../kernel/principal.ts';
import type { ClaimMapping } from './claim-mapping.ts';
import { type ClaimedIdentity, claimedIdentity } from './claimed-identity.ts';
import { issuerNames } from './entra.ts';
import { jtiFingerprint, tokenFingerprint } from './fingerprints.ts';
import { principalOf } from './principal-of.ts';
import { rememberChecks } from './remember-checks.ts';
import { CLOCK_SKEW_SECONDS, type TokenVerifier, type VerifiedToken } from './token-verifier.ts';

export interface TokenAuthenticatorOptions {
  readonly verify: TokenVerifier;
  readonly credentials: Pick<CredentialLookup, 'stateOf' | 'provision'>;
  readonly mapping: ClaimMapping;
  /** Whether somebody whom only the issuer knows becomes a subject by the claims of the token. */
  readonly provisioning: boolean;
  readonly clock?: Clock;
}

/** Throws `InvalidCredentialError`, `AuthorizationError`, `UnavailableError`. */
export type TokenAuthenticator = (token: string) => Promise<Principal>;

export function createTokenAuthenticator(options: TokenAuthenticatorOptions): TokenAuthenticator {
  return rememberChecks(async (token) => {
    const claims = await options.verify(token);
    const principal = await principalBy(options, token, claims);
    return { principal, expiresAt: (claims.exp + CLOCK_SKEW_SECONDS) * 1000 };
  }, options.clock);
}

async function principalBy(
  options: TokenAuthenticatorOptions,
  token: string,
  claims: VerifiedToken,
): Promise<Principal> {
  const claimed = claimedIdentity(claims, options.mapping);
  const known = await subjectOf(options, token, claims, claimed);
  return principalOf(
    {
      subject: known.subject,
      name: known.name,
      roles: [...new Set([...known.roles, ...claimed.roles])].sort(),
      method: 'token',
      issuer: claims.iss,
      ...(claimed.client !== undefined && { client: claimed.client }),
    },
    claimed.scopes,
  );
}

async function subjectOf(
  { credentials, provisioning }: TokenAuthenticatorOptions,
  token: string,
  { iss, iat, jti }: VerifiedToken,
  { externalId, name, stores, regions }: ClaimedIdentity,
): Promise<KnownSubject> {
  const fingerprints = [tokenFingerprint(token), ...(jti === undefined ? [] : [jtiFingerprint(jti)])];
  const [issuer, ...aliases] = issuerNames(iss);
  const known = { issuer, aliases, externalId };
  const identity = { ...known, fingerprints };
  let state = await credentials.stateOf(identity);
  // Before anything is written on its word.
  if (state.revoked) throw new InvalidCredentialError('The token has been revoked.');
  if (provisioning && isNews(state, iat)) {
    await credentials.provision({ ...known, displayName: name, stores, regions, issuedAt: iat });
    state = await credentials.stateOf(identity);
  }
  // Its roles would meet the stores of newer claims, which nobody has given it together.
  if (state.claimsIssuedAt !== undefined && iat < state.claimsIssuedAt)
    throw new InvalidCredentialError('The token is older than one that has been used since. Log in again.');
  if (state.subject === 'disabled') throw new AuthorizationError('Your access has been switched off.');
  if (state.subject === 'unknown')
    throw new AuthorizationError(
      `Nobody here is ${externalId} of ${issuer}. Ask an administrator to run: aisle identities link ${externalId} --issuer ${issuer} --subject …`,
    );
  return state.subject;
}

/** Whether the token's claims are newer than what is known. An identity that an operator linked is none of theirs. */
function isNews({ subject, claimsIssuedAt }: IdentityState, issuedAt: number): boolean {
  if (subject === 'disabled') return false;
  return subject === 'unknown' || (claimsIssuedAt !== undefined && issuedAt > claimsIssuedAt);
}
