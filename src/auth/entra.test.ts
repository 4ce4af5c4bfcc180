/** Microsoft Entra ID by tenant and client id alone: both versions of its tokens, and none that only look like it. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startIssuer, type TestIssuer } from '../../test/harness/issuer.ts';
import { InvalidCredentialError } from '../kernel/errors.ts';
import { entraIssuers, issuerNames } from './entra.ts';
import { createTokenVerifier, type TokenVerifier } from './token-verifier.ts';

const TENANT = '6f1b0c1e-0000-4000-8000-000000000001';
const CLIENT = '6f1b0c1e-0000-4000-8000-000000000002';
const V1 = `https://sts.windows.net/${TENANT}/`;
const V2 = `https://login.microsoftonline.com/${TENANT}/v2.0`;
const KEYS = `https://login.microsoftonline.com/${TENANT}/discovery/keys`;
/** What Microsoft serves, as far as it is asked for. */
const PAGES: Readonly<Record<string, () => object>> = {
  [`${V2}/.well-known/openid-configuration`]: () => ({ issuer: V2, jwks_uri: KEYS }),
  [`https://login.microsoftonline.com/${TENANT}/.well-known/openid-configuration`]: () => ({
    issuer: V1,
    jwks_uri: KEYS,
  }),
  [KEYS]: () => ({ keys: [entra.key().jwk] }),
};

let entra: TestIssuer;
let verify: TokenVerifier;
beforeAll(async () => {
  entra = await startIssuer();
  vi.stubGlobal('fetch', async (url: string | URL) => {
    const page = PAGES[String(url)];
    return page === undefined ? new Response(null, { status: 404 }) : Response.json(page());
  });
  verify = createTokenVerifier(entraIssuers(TENANT, CLIENT, ''));
});
afterAll(async () => {
  vi.unstubAllGlobals();
  await entra.close();
});

const v1 = { iss: V1, aud: `api://${CLIENT}`, appid: 'app', oid: 'o', ver: '1.0' };
const v2 = { iss: V2, aud: CLIENT, azp: 'app', oid: 'o', ver: '2.0' };

test.each([
  ['version 1', v1],
  ['version 1 for the bare id', { ...v1, aud: CLIENT }],
  ['version 2', v2],
])('a token of %s', async (_, claims) => {
  expect(await verify(await entra.sign(claims, { typ: 'JWT' }))).toMatchObject(claims);
});

const OTHER = '6f1b0c1e-0000-4000-8000-000000000003';
test.each([
  [
    'another tenant',
    { ...v2, iss: V2.replace(TENANT, OTHER) },
    'The token is of no issuer that is trusted here.',
  ],
  [
    'every tenant',
    { ...v2, iss: V2.replace(TENANT, 'common') },
    'The token is of no issuer that is trusted here.',
  ],
  ['another application', { ...v2, aud: OTHER }, 'The claim aud of the token is not accepted.'],
  [
    'Microsoft Graph',
    { ...v1, aud: '00000003-0000-0000-c000-000000000000' },
    'The claim aud of the token is not accepted.',
  ],
  ['a login: an ID token', { ...v2, azp: undefined }, 'The token is not an access token.'],
  ['a login by version 1', { ...v1, appid: undefined }, 'The token is not an access token.'],
  [
    "version 2 with version 1's mark",
    { ...v2, azp: undefined, appid: 'app' },
    'The token is not an access token.',
  ],
])('a token of %s is refused', async (_, claims, message) => {
  await expect(verify(await entra.sign(claims))).rejects.toEqual(new InvalidCredentialError(message));
});

test.each([
  [V1, [V2, V1]],
  [V2, [V2, V1]],
  ['https://login.example.com/t/v2.0', ['https://login.example.com/t/v2.0']],
  [`${V2}/`, [`${V2}/`]],
  [`${V1}x/`, [`${V1}x/`]],
])('%s is one issuer by the names %j', (issuer, names) => {
  expect(issuerNames(issuer)).toEqual(names);
});
