/**
 * Threat: a token that was good once. Closed here: each is held against the database every two seconds, and one that is
 * revoked, of nobody or of somebody disabled is refused. (Whether it was ever good: token-verifier.test.ts.)
 */
import { describe, expect, test, vi } from 'vitest';
import { testClock } from '../../test/harness/test-clock.ts';
import type { IdentityState } from '../kernel/credentials.ts';
import { AuthorizationError, InvalidCredentialError, UnavailableError } from '../kernel/errors.ts';
import { claimMapping } from './claim-mapping.ts';
import { createTokenAuthenticator } from './token-authenticator.ts';
import type { VerifiedToken } from './token-verifier.ts';

const ANN = {
  subject: '0190a000-0000-7000-8000-00000000000a',
  name: 'ann',
  roles: ['store_readonly'] as const,
};
const KNOWN: IdentityState = { revoked: false, subject: ANN };
const now = () => Math.floor(Date.now() / 1000);
const CLAIMS = {
  iss: 'https://login.example.com',
  sub: 'u-1',
  scope: 'read:products read:reports',
  iat: 100,
};

function authenticatorFor(
  state: IdentityState,
  { provisioning = false, claims = {} }: { provisioning?: boolean; claims?: Partial<VerifiedToken> } = {},
) {
  const verify = vi.fn(async (): Promise<VerifiedToken> => ({ ...CLAIMS, exp: now() + 300, ...claims }));
  const stateOf = vi.fn(async () => state);
  const provision = vi.fn(async () => {});
  const { clock, pass } = testClock();
  const authenticate = createTokenAuthenticator({
    ...{ verify, provisioning, credentials: { stateOf, provision } },
    mapping: claimMapping([], [], ''),
    clock,
  });
  return { authenticate, verify, stateOf, provision, pass };
}

test('roles of the database and of the token together, as far as the scopes go', async () => {
  const claims = { roles: ['auditor'], client_id: 'app', jti: 'j' };
  const { authenticate, stateOf } = authenticatorFor(KNOWN, { claims });
  expect(await authenticate('a.b.c')).toEqual({
    subject: ANN.subject,
    name: 'ann',
    roles: ['auditor', 'store_readonly'],
    permissions: new Set(['read:products']),
    withheld: new Set(['read:basic_reports', 'read:audit']),
    method: 'token',
    issuer: 'https://login.example.com',
    client: 'app',
  });
  expect(stateOf).toHaveBeenCalledExactlyOnceWith({
    issuer: 'https://login.example.com',
    aliases: [],
    externalId: 'u-1',
    // SHA-256 of "a.b" and of "jti:j": what `aisle keys revoke-token` writes down.
    fingerprints: [
      '2e7336dc8eba87ef472df568c35482abf2575dc3e5eac0c5c62b8ffaeac2c934',
      'f6ed729e70badb52880a4a90796b64506b34d381192bf7050fe6312ab0905b46',
    ],
  });
});

test('somebody of Entra ID is one and the same by both versions of its tokens', async () => {
  const v1 = 'https://sts.windows.net/t/';
  const v2 = 'https://login.microsoftonline.com/t/v2.0';
  for (const iss of [v1, v2]) {
    const { authenticate, stateOf } = authenticatorFor(KNOWN, { claims: { iss, oid: 'o-1' } });
    expect(await authenticate('a.b.c')).toMatchObject({ issuer: iss });
    expect(stateOf).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ issuer: v2, aliases: [v1], externalId: 'o-1' }),
    );
  }
});

test.each<[string, IdentityState, Error]>([
  ['revoked', { ...KNOWN, revoked: true }, new InvalidCredentialError('The token has been revoked.')],
  [
    'of somebody disabled',
    { revoked: false, subject: 'disabled' },
    new AuthorizationError('Your access has been switched off.'),
  ],
  [
    'of nobody',
    { revoked: false, subject: 'unknown' },
    new AuthorizationError(
      'Nobody here is u-1 of https://login.example.com. Ask an administrator to run: aisle identities link u-1 --issuer https://login.example.com --subject …',
    ),
  ],
  [
    'older than claims in force',
    { ...KNOWN, claimsIssuedAt: 101 },
    new InvalidCredentialError('The token is older than one that has been used since. Log in again.'),
  ],
])('a token that is %s', async (_, state, error) => {
  const { authenticate, provision } = authenticatorFor(state);
  await expect(authenticate('a.b.c')).rejects.toEqual(error);
  expect(provision).not.toHaveBeenCalled();
});

describe('where claims are enough', () => {
  test.each<[string, IdentityState, boolean]>([
    ['somebody unknown is made', { revoked: false, subject: 'unknown' }, true],
    ['newer claims are taken over', { ...KNOWN, claimsIssuedAt: 99 }, true],
    ['claims of the same time are known', { ...KNOWN, claimsIssuedAt: 100 }, false],
    ['older claims widen nothing', { ...KNOWN, claimsIssuedAt: 101 }, false],
    ['whom an operator linked stays as he is', KNOWN, false],
    ['a revoked token changes nothing', { revoked: true, subject: 'unknown' }, false],
    [
      'a disabled subject is not made anew',
      { revoked: false, subject: 'disabled', claimsIssuedAt: 1 },
      false,
    ],
  ])('%s', async (_, state, provisions) => {
    const claims = { stores: ['north'], regions: ['coast'], name: 'x', email: 'ann@example.com' };
    const { authenticate, provision } = authenticatorFor(state, { provisioning: true, claims });
    await authenticate('a.b.c').catch(() => {});
    expect(provision.mock.calls).toEqual(
      provisions
        ? [
            [
              {
                issuer: 'https://login.example.com',
                aliases: [],
                externalId: 'u-1',
                displayName: 'ann@example.com',
                stores: ['north'],
                regions: ['coast'],
                issuedAt: 100,
              },
            ],
          ]
        : [],
    );
  });
});

describe('what was found is remembered', () => {
  test('for two seconds, one look for calls that come together', async () => {
    const { authenticate, verify, stateOf, pass } = authenticatorFor(KNOWN);
    await Promise.all([authenticate('a.b.c'), authenticate('a.b.c')]);
    pass(1990);
    await authenticate('a.b.c');
    expect([verify.mock.calls.length, stateOf.mock.calls.length]).toEqual([1, 1]);
    pass(20);
    stateOf.mockResolvedValueOnce({ ...KNOWN, revoked: true });
    await expect(authenticate('a.b.c')).rejects.toBeInstanceOf(InvalidCredentialError);
  });

  test('not past the end of the token', async () => {
    const { authenticate, verify, pass } = authenticatorFor(KNOWN, { claims: { exp: now() - 59 } });
    await authenticate('a.b.c');
    pass(1010);
    await authenticate('a.b.c');
    expect(verify).toHaveBeenCalledTimes(2);
  });

  test('and not that it failed', async () => {
    const { authenticate, verify, stateOf } = authenticatorFor(KNOWN);
    verify.mockRejectedValueOnce(new InvalidCredentialError('bad'));
    await expect(authenticate('a.b.c')).rejects.toBeInstanceOf(InvalidCredentialError);
    stateOf.mockRejectedValueOnce(new UnavailableError('down'));
    await expect(authenticate('a.b.c')).rejects.toBeInstanceOf(UnavailableError);
    expect(await authenticate('a.b.c')).toMatchObject({ name: 'ann' });
  });
});
