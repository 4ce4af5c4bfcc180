import type { JWTPayload, JWTVerifyGetKey } from 'jose';
import * as errors from 'jose/errors';
import { decodeJwt } from 'jose/jwt/decode';
import { jwtVerify } from 'jose/jwt/verify';
import { AisleError, InvalidCredentialError, UnavailableError } from '../kernel/errors.ts';
import { checkIssuer, type Issuer } from './issuer.ts';
import { createKeySource, type KeySourceOptions } from './key-source.ts';

/** Seconds by which the clocks of issuer and server may differ. */
export const CLOCK_SKEW_SECONDS = 60;

/** Asymmetric ones only: with the others whoever can check a token can make one. `none` is not an algorithm. */
const ALGORITHMS = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
];

/** `typ` of access tokens, in lower case: of RFC 9068, and of issuers that know no better. */
const MARKED_TYPES = ['at+jwt', 'application/at+jwt'];
const TYPES = ['jwt', ...MARKED_TYPES];
/** What else is signed by the same keys for the same audience, and is no access token. */
const ID_TOKEN_CLAIMS = ['nonce', 'at_hash', 'c_hash'] as const;

export interface VerifiedToken extends JWTPayload {
  readonly iss: string;
  readonly exp: number;
  /** Whole seconds, rounded down. */
  readonly iat: number;
}

/** The last second that databases and calendars agree on: the end of the year 9999. */
const LAST_SECOND = 253_402_300_799;

/** Whether a NumericDate of RFC 7519, which may be fractional, is a moment that can be stored. */
export function isStorableTime(seconds: number): boolean {
  return seconds >= 0 && seconds <= LAST_SECOND;
}

/** Throws `InvalidCredentialError` for what is not to be believed, `UnavailableError` where nobody can tell. */
export type TokenVerifier = (token: string) => Promise<VerifiedToken>;

export function createTokenVerifier(
  issuers: readonly Issuer[],
  options: KeySourceOptions = {},
): TokenVerifier {
  for (const issuer of issuers) checkIssuer(issuer);
  const known = new Map(
    issuers.map((issuer) => [issuer.issuer, { issuer, keys: createKeySource(issuer, options) }]),
  );
  return async (token) => {
    // Read before it is believed, only to know whose keys to believe it by.
    const trusted = known.get(claimedIssuer(token) ?? '');
    if (trusted === undefined)
      throw new InvalidCredentialError('The token is of no issuer that is trusted here.');
    return verify(token, trusted.issuer, trusted.keys);
  };
}

function claimedIssuer(token: string): string | undefined {
  try {
    return decodeJwt(token).iss;
  } catch (cause) {
    throw new InvalidCredentialError('The token is not a JWT.', { cause });
  }
}

async function verify(token: string, issuer: Issuer, keys: JWTVerifyGetKey): Promise<VerifiedToken> {
  const { payload, protectedHeader } = await jwtVerify<VerifiedToken>(token, keys, {
    algorithms: ALGORITHMS,
    issuer: issuer.issuer,
    audience: [...issuer.audiences],
    clockTolerance: CLOCK_SKEW_SECONDS,
    requiredClaims: ['exp', 'iat'],
  }).catch((error: unknown) => {
    throw refusalOf(error);
  });
  if (!isAccessToken(issuer, payload, protectedHeader.typ))
    throw new InvalidCredentialError('The token is not an access token.');
  if (payload.iat > Date.now() / 1000 + CLOCK_SKEW_SECONDS)
    throw new InvalidCredentialError('The token was issued in the future.');
  const odd = (['iat', 'exp'] as const).find((claim) => !isStorableTime(payload[claim]));
  if (odd !== undefined) throw new InvalidCredentialError(notAccepted(odd));
  return { ...payload, iat: Math.floor(payload.iat) };
}

function isAccessToken({ anyOfClaims, typed }: Issuer, payload: JWTPayload, typ = 'JWT'): boolean {
  return (
    (typed === true ? MARKED_TYPES : TYPES).includes(typ.toLowerCase()) &&
    ID_TOKEN_CLAIMS.every((name) => payload[name] === undefined) &&
    (anyOfClaims === undefined || anyOfClaims.some((name) => payload[name] !== undefined))
  );
}

/** What went wrong with the issuer's keys and not with the token. */
const KEYS_UNAVAILABLE = new Set(['ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID', 'ERR_JOSE_GENERIC']);

function refusalOf(error: unknown): AisleError {
  if (error instanceof AisleError) return error;
  if (!(error instanceof errors.JOSEError) || KEYS_UNAVAILABLE.has(error.code))
    return new UnavailableError(
      'The keys of the authorization server are out of reach, so no token can be checked. Try again shortly.',
      { cause: error },
    );
  return new InvalidCredentialError(reasonOf(error), { cause: error });
}

function reasonOf(error: errors.JOSEError): string {
  if (error instanceof errors.JWTExpired) return 'The token has expired.';
  if (error instanceof errors.JWTClaimValidationFailed)
    return error.reason === 'missing'
      ? `The token lacks the claim ${error.claim}.`
      : notAccepted(error.claim);
  if (error instanceof errors.JOSEAlgNotAllowed) return 'The algorithm of the token is not accepted.';
  if (error instanceof errors.JWKSNoMatchingKey)
    return 'The token is signed by a key that its issuer does not have.';
  if (error instanceof errors.JWSSignatureVerificationFailed) return "The token's signature is wrong.";
  if (error instanceof errors.JWKSMultipleMatchingKeys)
    return 'The token does not say by which key it is signed.';
  return 'The token is malformed.';
}

function notAccepted(claim: string): string {
  return `The claim ${claim} of the token is not accepted.`;
}
