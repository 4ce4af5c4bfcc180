/**
 * Threat: a token that nobody trusted made, that was made for somebody else, or that is no access token at all. Closed
 * here: what is not signed by a trusted issuer's key for this server, and good at this moment, is refused.
 */
import { createHmac } from 'node:crypto';
import { exportSPKI, UnsecuredJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  AUDIENCE,
  KEYS_PATH,
  METADATA_PATH,
  startIssuer,
  type TestIssuer,
} from '../../test/harness/issuer.ts';
import { ConfigurationError, InvalidCredentialError, UnavailableError } from '../kernel/errors.ts';
import { createTokenVerifier, type TokenVerifier } from './token-verifier.ts';

let issuer: TestIssuer;
let verify: TokenVerifier;
const trust = (options = {}, more = {}) =>
  createTokenVerifier([{ issuer: issuer.issuer, audiences: [AUDIENCE], ...more }], options);
const now = () => Math.floor(Date.now() / 1000);

beforeEach(async () => {
  issuer = await startIssuer();
  verify = trust();
});
afterEach(async () => {
  vi.useRealTimers();
  await issuer.close();
});

async function refused(token: string, message: string, by = verify): Promise<void> {
  await expect(by(token)).rejects.toEqual(new InvalidCredentialError(message));
}

test('a good token is its claims', async () => {
  expect(await verify(await issuer.sign({ jti: 'one' }))).toMatchObject({ sub: 'ann', jti: 'one' });
});

test.each(['RS256', 'PS256', 'EdDSA'])('signed by %s as well', async (alg) => {
  await issuer.rotate(alg);
  expect(await verify(await issuer.sign())).toMatchObject({ sub: 'ann' });
});

describe('claims', () => {
  test.each([
    ['another audience', { aud: 'https://other.example' }, 'The claim aud of the token is not accepted.'],
    ['no audience', { aud: undefined }, 'The token lacks the claim aud.'],
    ['no expiry', { exp: undefined }, 'The token lacks the claim exp.'],
    ['no time of issue', { iat: undefined }, 'The token lacks the claim iat.'],
    ['another issuer', { iss: 'https://evil.example' }, 'The token is of no issuer that is trusted here.'],
    ['no issuer', { iss: undefined }, 'The token is of no issuer that is trusted here.'],
    ['a nonce: an ID token', { nonce: 'n' }, 'The token is not an access token.'],
    ['at_hash: an ID token', { at_hash: 'h' }, 'The token is not an access token.'],
    ['c_hash: an ID token', { c_hash: 'h' }, 'The token is not an access token.'],
    ['issued before time began', { iat: -0.5 }, 'The claim iat of the token is not accepted.'],
    ['issued as a text', { iat: '1700000000' }, 'The claim iat of the token is not accepted.'],
    ['an end past all calendars', { exp: 253_402_300_800 }, 'The claim exp of the token is not accepted.'],
    ['an end that is a text', { exp: '1' }, 'The claim exp of the token is not accepted.'],
    ['a beginning that is a text', { nbf: '1' }, 'The claim nbf of the token is not accepted.'],
  ])('%s', async (_, claims, message) => {
    await refused(await issuer.sign(claims), message);
  });

  test('the issuer with a slash more is another', async () => {
    const token = await issuer.sign({ iss: `${issuer.issuer}/` });
    await refused(token, 'The token is of no issuer that is trusted here.');
  });

  test.each([
    ['exp', -61, 'The token has expired.'],
    ['nbf', 62, 'The claim nbf of the token is not accepted.'],
    ['iat', 62, 'The token was issued in the future.'],
  ])('%s is off by more than 60 s', async (claim, seconds, message) => {
    await refused(await issuer.sign({ [claim]: now() + seconds }), message);
  });

  test.each([
    ['exp', -58],
    ['nbf', 59],
    ['iat', 59],
  ])('%s is off by less than 60 s: clocks differ', async (claim, seconds) => {
    expect(await verify(await issuer.sign({ [claim]: now() + seconds }))).toMatchObject({ sub: 'ann' });
  });

  test('times may be fractional; the time of issue counts in whole seconds', async () => {
    const token = await issuer.sign({ iat: now() - 0.25, nbf: now() - 0.5, exp: now() + 300.75 });
    expect(await verify(token)).toMatchObject({ iat: now() - 1 });
  });

  test('where access tokens say by their type what they are, others are none', async () => {
    const strict = trust({}, { typed: true });
    for (const typ of ['JWT', 'id+jwt', undefined])
      await refused(await issuer.sign({}, { typ }), 'The token is not an access token.', strict);
    for (const typ of ['at+jwt', 'AT+JWT', 'application/at+jwt'])
      expect(await strict(await issuer.sign({}, { typ }))).toMatchObject({ sub: 'ann' });
    expect(await verify(await issuer.sign({}, { typ: undefined }))).toMatchObject({ sub: 'ann' });
  });

  test('a logout token is none either', async () => {
    await refused(await issuer.sign({}, { typ: 'logout+jwt' }), 'The token is not an access token.');
  });

  test('where access tokens have a mark, tokens without are none', async () => {
    const strict = trust({}, { anyOfClaims: ['azp', 'appid'] });
    await refused(await issuer.sign(), 'The token is not an access token.', strict);
    expect(await strict(await issuer.sign({ appid: 'app' }))).toMatchObject({ appid: 'app' });
  });
});

describe('signature', () => {
  test('one byte of the claims was changed', async () => {
    const [header, payload = '', signature] = (await issuer.sign()).split('.');
    const changed = Buffer.from(payload, 'base64url').toString().replace('ann', 'bob');
    const token = [header, Buffer.from(changed).toString('base64url'), signature].join('.');
    await refused(token, "The token's signature is wrong.");
  });

  test('alg none', async () => {
    const token = new UnsecuredJWT({ iss: issuer.issuer, aud: AUDIENCE, sub: 'ann', iat: now() })
      .setExpirationTime('5m')
      .encode();
    await refused(token, 'The algorithm of the token is not accepted.');
  });

  test('alg none with the signature of a good token', async () => {
    const [, payload, signature] = (await issuer.sign()).split('.');
    const header = Buffer.from(JSON.stringify({ alg: 'none', kid: 'key-1' })).toString('base64url');
    await refused([header, payload, signature].join('.'), 'The algorithm of the token is not accepted.');
  });

  test('alg HS256 with the public key as the secret', async () => {
    const { kid, publicKey } = await issuer.rotate('RS256');
    const secret = await exportSPKI(publicKey);
    const [, payload] = (await issuer.sign()).split('.');
    const header = Buffer.from(JSON.stringify({ alg: 'HS256', kid })).toString('base64url');
    const signature = createHmac('sha256', secret).update(`${header}.${payload}`).digest('base64url');
    await refused(`${header}.${payload}.${signature}`, 'The algorithm of the token is not accepted.');
  });

  test('a key that came with the token', async () => {
    const own = await startIssuer();
    const token = await own.sign({ iss: issuer.issuer }, { jwk: own.key().jwk, jku: own.issuer + KEYS_PATH });
    await refused(token, "The token's signature is wrong.");
    expect(own.asked.size).toBe(0);
    await own.close();
  });

  test.each([[''], ['a.b.c'], ['no token'], ['..'], [`${'A'.repeat(20)}.${'A'.repeat(20)}.`]])(
    '%j is no JWT',
    async (text) => {
      await refused(text, 'The token is not a JWT.');
    },
  );
});

describe('keys', () => {
  test('are fetched once by callers that come together', async () => {
    const { release } = issuer.holdKeys();
    const token = await issuer.sign();
    const verifying = Promise.all(Array.from({ length: 20 }, () => verify(token)));
    await vi.waitUntil(() => issuer.asked.get(KEYS_PATH) === 1);
    release();
    await verifying;
    expect(issuer.asked).toEqual(
      new Map([
        [METADATA_PATH, 1],
        [KEYS_PATH, 1],
      ]),
    );
  });

  test('are rotated without a restart, by one fetch', async () => {
    verify = trust({ cooldownMs: 0 });
    await verify(await issuer.sign());
    await issuer.rotate();
    const token = await issuer.sign();
    const { release } = issuer.holdKeys();
    const verifying = Promise.all(Array.from({ length: 20 }, () => verify(token)));
    await vi.waitUntil(() => issuer.asked.get(KEYS_PATH) === 2);
    release();
    expect((await verifying).map(({ sub }) => sub)).toEqual(Array.from({ length: 20 }, () => 'ann'));
    expect(issuer.asked.get(KEYS_PATH)).toBe(2);
  });

  test('are not fetched for each unknown key id: an attacker makes those up', async () => {
    await verify(await issuer.sign());
    const message = 'The token is signed by a key that its issuer does not have.';
    for (const kid of ['x', 'y', 'z']) await refused(await issuer.sign({}, { kid }), message);
    expect(issuer.asked.get(KEYS_PATH)).toBe(1);
  });

  test('outlive an outage of the issuer for an hour, and then nobody is believed', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
    const token = await issuer.sign({ exp: now() + 86_400 });
    await verify(token);
    issuer.outage(true);
    vi.setSystemTime(Date.now() + 3_599_000);
    expect(await verify(token)).toMatchObject({ sub: 'ann' });
    vi.setSystemTime(Date.now() + 2000);
    await expect(verify(token)).rejects.toBeInstanceOf(UnavailableError);
    issuer.outage(false);
    expect(await verify(token)).toMatchObject({ sub: 'ann' });
  });

  test('that can not be had at all: unavailable, and the next call tries again', async () => {
    issuer.outage(true);
    await expect(verify(await issuer.sign())).rejects.toBeInstanceOf(UnavailableError);
    issuer.outage(false);
    expect(await verify(await issuer.sign())).toMatchObject({ sub: 'ann' });
  });

  test.each([
    ['names another issuer', { issuer: 'https://evil.example' }],
    ['keeps its keys where anybody can change them', { jwks_uri: 'http://keys.example/keys' }],
  ])('metadata that %s is not believed', async (_, wrong) => {
    const odd = await startIssuer((usual) => ({ ...usual, ...wrong }));
    const by = createTokenVerifier([{ issuer: odd.issuer, audiences: [AUDIENCE] }]);
    await expect(by(await odd.sign())).rejects.toBeInstanceOf(UnavailableError);
    await odd.close();
  });

  test('metadata of RFC 8414 does as well', async () => {
    const other = await startIssuer((usual) => usual, '/.well-known/oauth-authorization-server');
    const by = createTokenVerifier([{ issuer: other.issuer, audiences: [AUDIENCE] }]);
    expect(await by(await other.sign())).toMatchObject({ sub: 'ann' });
    await other.close();
  });
});

test.each([
  ['http://login.example.com', [AUDIENCE]],
  ['login.example.com', [AUDIENCE]],
  ['https://user@login.example.com', [AUDIENCE]],
  ['https://login.example.com', []],
])('the issuer %s for %j is refused at the start', (name, audiences) => {
  expect(() => createTokenVerifier([{ issuer: name, audiences }])).toThrow(ConfigurationError);
});
