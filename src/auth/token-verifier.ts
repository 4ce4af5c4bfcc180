import { decodeJwt, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
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

/** What else is signed by the same keys for the same audience, and is no access token. */
const TYPES = new Set(['jwt', 'at+jwt', 'application/at+jwt']);
const ID_TOKEN_CLAIMS = ['nonce', 'at_hash', 'c_hash'] as const;

export interface VerifiedToken extends JWTPayload {
  readonly iss: string;
  readonly exp: number;
  readonly iat: number;
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

async function verify(
  token: string,
  { issuer, audiences, anyOfClaims }: Issuer,
  keys: JWTVerifyGetKey,
): Promise<VerifiedToken> {
  const { payload, protectedHeader } = await jwtVerify<VerifiedToken>(token, keys, {
    algorithms: ALGORITHMS,
    issuer,
    audience: [...audiences],
    clockTolerance: CLOCK_SKEW_SECONDS,
    requiredClaims: ['exp', 'iat'],
  }).catch((error: unknown) => {
    throw refusalOf(error);
  });
  const isAccessToken =
    TYPES.has((protectedHeader.typ ?? 'jwt').toLowerCase()) &&
    ID_TOKEN_CLAIMS.every((name) => payload[name] === undefined) &&
    (anyOfClaims === undefined || anyOfClaims.some((name) => payload[name] !== undefined));
  if (!isAccessToken) throw new InvalidCredentialError('The token is not an access token.');
  if (payload.iat > Date.now() / 1000 + CLOCK_SKEW_SECONDS)
    throw new InvalidCredentialError('The token was issued in the future.');
  return payload;
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
      : `The claim ${error.claim} of the token is not accepted.`;
  if (error instanceof errors.JOSEAlgNotAllowed) return 'The algorithm of the token is not accepted.';
  if (error instanceof errors.JWKSNoMatchingKey)
    return 'The token is signed by a key that its issuer does not have.';
  if (error instanceof errors.JWSSignatureVerificationFailed) return "The token's signature is wrong.";
  if (error instanceof errors.JWKSMultipleMatchingKeys)
    return 'The token does not say by which key it is signed.';
  return 'The token is malformed.';
}
