import { expect, test } from 'vitest';
import { proofsOf } from './proofs.ts';

const NONE = { OIDC_ISSUERS: [], API_KEYS: false };
const ALL = { OIDC_ISSUERS: ['https://login.example'], ENTRA_TENANT_ID: 't', API_KEYS: true };

test.each([
  [NONE, []],
  [{ ...NONE, ENTRA_TENANT_ID: undefined }, []],
  [{ ...NONE, OIDC_ISSUERS: ['https://login.example'] }, ['OIDC_ISSUERS']],
  [{ ...NONE, ENTRA_TENANT_ID: 't' }, ['ENTRA_TENANT_ID']],
  [{ ...NONE, API_KEYS: true }, ['API_KEYS']],
  [ALL, ['OIDC_ISSUERS', 'ENTRA_TENANT_ID', 'API_KEYS']],
])('%j is proved by %j', (settings, names) => {
  expect(proofsOf(settings)).toEqual(names);
});
