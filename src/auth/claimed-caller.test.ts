/** Threat: what a stranger writes into a token breaks the log or passes for the truth. Closed here: bounded and cleaned. */
import { UnsecuredJWT } from 'jose';
import { expect, test } from 'vitest';
import { claimedCaller } from './claimed-caller.ts';

const bearer = (claims: Record<string, unknown>) => ({
  authorization: `Bearer ${new UnsecuredJWT(claims).encode()}x`,
});

test.each<[string, Record<string, string>, object | undefined]>([
  [
    'a token',
    bearer({ sub: 'nina', iss: 'https://a.example' }),
    { kind: 'token', id: 'nina', issuer: 'https://a.example' },
  ],
  ['a token of Entra ID', bearer({ sub: 'pairwise', oid: 'o-1' }), { kind: 'token', id: 'o-1' }],
  ['a token with a line break', bearer({ sub: 'ni\nna\u202e' }), { kind: 'token', id: 'ni?na?' }],
  ['a long one', bearer({ sub: 'n'.repeat(5000) }), { kind: 'token', id: 'n'.repeat(100) }],
  ['a token that names nobody', bearer({ sub: '' }), undefined],
  ['a token with another kind of subject', bearer({ sub: { a: 1 } }), undefined],
  ['no JWT', { authorization: 'Bearer abc' }, undefined],
  ['another scheme', { authorization: 'Basic abc' }, undefined],
  ['an API key', { 'x-api-key': 'aisle_k3x9q0ab_secret' }, { kind: 'api_key', id: 'k3x9q0ab' }],
  [
    'an API key as a token',
    { authorization: 'Bearer aisle_k3x9q0ab_secret' },
    { kind: 'api_key', id: 'k3x9q0ab' },
  ],
  ['no API key', { 'x-api-key': 'sesame' }, undefined],
  ['two credentials', { ...bearer({ sub: 'nina' }), 'x-api-key': 'aisle_k3x9q0ab_secret' }, undefined],
  ['nothing', {}, undefined],
])('%s', (_, headers, claimed) => {
  expect(claimedCaller(headers)).toEqual(claimed);
});
