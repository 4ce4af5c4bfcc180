import { decodeJwt } from 'jose/jwt/decode';
import type { ClaimedCaller, Headers } from './authenticator.ts';
import { credentialOf } from './credential.ts';

const MAX_CHARACTERS = 100;
/** Of anything that begins like an API key, whether its checksum holds or not. */
const PREFIX = /^aisle_([a-z0-9]{8})_/;

/** Whom the credential of these headers names, before anything of it is believed; undefined where it names nobody. */
export function claimedCaller(headers: Headers): ClaimedCaller | undefined {
  try {
    const credential = credentialOf(headers);
    if (credential.kind === 'token') return claimedByToken(credential.token);
    const prefix = PREFIX.exec(credential.key)?.[1];
    return prefix === undefined ? undefined : { kind: 'api_key', id: prefix };
  } catch {
    return undefined; // no credential, two of them, no JWT: that is what the refusal is about
  }
}

function claimedByToken(token: string): ClaimedCaller | undefined {
  const { oid, sub, iss } = decodeJwt(token);
  const id = cleaned(oid ?? sub);
  const issuer = cleaned(iss);
  if (id === undefined) return undefined;
  return { kind: 'token', id, ...(issuer !== undefined && { issuer }) };
}

/** Anybody can write anything there: bounded, and without what would break a line or a terminal. */
function cleaned(text: unknown): string | undefined {
  if (typeof text !== 'string' || text === '') return undefined;
  return text.slice(0, MAX_CHARACTERS).replaceAll(/[^\x20-\x7e]/g, '?');
}
