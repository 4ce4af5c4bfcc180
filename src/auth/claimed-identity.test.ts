/**
 * Threat: a claim that says more than it should: a role by a group's name, everything by a missing scope, somebody else by
 * an unexpected type. Closed here: what the mapping does not name counts for nothing.
 */
import { describe, expect, test } from 'vitest';
import { AuthorizationError, ConfigurationError, InvalidCredentialError } from '../kernel/errors.ts';
import { claimMapping } from './claim-mapping.ts';
import { claimedIdentity } from './claimed-identity.ts';

const usual = claimMapping([], [], '');
const of = (claims: Record<string, unknown>, mapping = usual) =>
  claimedIdentity({ sub: 'ann', scope: 'read:products', ...claims }, mapping);
const OVERAGE = { _claim_names: { groups: 'src1' }, _claim_sources: { src1: { endpoint: 'https://graph' } } };

const ENTRA_V1 = 'https://sts.windows.net/t/';

describe('a token as it is usual', () => {
  test('of RFC 9068', () => {
    expect(of({ client_id: 'app', scope: 'read:products read:orders' })).toEqual({
      externalId: 'ann',
      name: 'ann',
      roles: [],
      stores: [],
      regions: [],
      scopes: new Set(['read:products', 'read:orders']),
      client: 'app',
    });
  });

  test('of Entra ID, version 2, of a person', () => {
    const claims = {
      oid: 'o-1',
      preferred_username: 'ann@example.com',
      azp: 'app',
      roles: ['store_manager'],
    };
    expect(of({ ...claims, scope: undefined, scp: 'read:products read:orders', ver: '2.0' })).toEqual({
      externalId: 'o-1',
      name: 'ann@example.com',
      roles: ['store_manager'],
      stores: [],
      regions: [],
      scopes: new Set(['read:products', 'read:orders']),
      client: 'app',
    });
  });

  test('of Entra ID, version 1, of an application', () => {
    const claims = { iss: ENTRA_V1, oid: 'o-2', sub: 'o-2', appid: 'app', roles: ['auditor'], ver: '1.0' };
    expect(of({ ...claims, scope: undefined })).toEqual({
      externalId: 'o-2',
      name: 'o-2',
      roles: ['auditor'],
      stores: [],
      regions: [],
      client: 'app',
    });
  });
});

test.each<[string, Record<string, unknown>, string[] | undefined]>([
  ['words', { scope: 'a b' }, ['a', 'b']],
  ['a list', { scope: ['a', 'b'] }, ['a', 'b']],
  ['both claims', { scope: 'a', scp: 'b' }, ['a', 'b']],
  ['an empty text', { scope: '' }, []],
  ['a number', { scope: 1 }, []],
  ['none, of a person: nobody consented to anything', { scope: undefined }, []],
  ['none, of an application by RFC 9068', { scope: undefined, client_id: 'ann' }, undefined],
  ['none, of an application by azp', { scope: undefined, azp: 'ann' }, undefined],
  ['none, of an application by Entra ID', { iss: ENTRA_V1, scope: undefined, oid: 'ann' }, undefined],
  ['none, of a person by another who has one id in both claims', { scope: undefined, oid: 'ann' }, []],
  [
    'none, of a person whose client has the same name',
    { scope: undefined, client_id: 'ann', name: 'Ann' },
    [],
  ],
  ['none, and said to be an application', { iss: ENTRA_V1, scope: undefined, idtyp: 'app' }, undefined],
  ['none, and said so by somebody else', { scope: undefined, idtyp: 'app' }, []],
  ['none, and said to be a person', { scope: undefined, idtyp: 'user', oid: 'ann' }, []],
  ['none, and no subject', { scope: undefined, sub: undefined, oid: 'o', client_id: undefined }, []],
])('scopes: %s', (_, claims, scopes) => {
  expect(of(claims).scopes).toEqual(scopes && new Set(scopes));
});

test('the prefix of the provider is no part of a scope', () => {
  const mapping = claimMapping([], [], 'api://x/');
  expect(of({ scope: 'api://x/read:orders read:products' }, mapping).scopes).toEqual(
    new Set(['read:orders', 'read:products']),
  );
});

describe('roles', () => {
  const mapping = claimMapping(
    ['roles=roles|groups|realm_access.roles'],
    ['0f-aa=store_manager', 'CN=Boss=super_admin', 'staff=store_user', 'clerks=store_user'],
    '',
  );
  test.each<[string, Record<string, unknown>, string[]]>([
    ['ours by name', { roles: ['store_user'] }, ['store_user']],
    ['a single text', { roles: 'store_user' }, ['store_user']],
    ['theirs by the table', { groups: ['0f-aa', 'CN=Boss'] }, ['store_manager', 'super_admin']],
    ['of all claims together, each once', { roles: ['staff'], groups: ['clerks'] }, ['store_user']],
    ['at a path', { realm_access: { roles: ['staff'] } }, ['store_user']],
    ['unknown ones', { roles: ['admin', 'SUPER_ADMIN', '__proto__', 'constructor'] }, []],
    ['something else', { roles: { 0: 'super_admin' } }, []],
    ['numbers among them', { roles: [1, null, ['super_admin'], 'auditor'] }, ['auditor']],
  ])('%s', (_, claims, roles) => {
    expect(of(claims, mapping).roles).toEqual(roles);
  });

  test('groups count only where they are mapped', () => {
    expect(of({ groups: ['super_admin'] }).roles).toEqual([]);
  });

  test.each([[OVERAGE], [{ hasgroups: true }]])('groups that did not fit: %j', (claims) => {
    expect(() => of(claims, mapping)).toThrow(AuthorizationError);
    expect(() => of(claims, mapping)).toThrow(/groups overage/);
    expect(of(claims).roles).toEqual([]);
    expect(of({ ...claims, groups: ['0f-aa'] }, mapping).roles).toEqual(['store_manager']);
  });
});

test('stores and regions, as said', () => {
  const mapping = claimMapping(['stores=https://example.com/stores', 'regions=org.regions'], [], '');
  const claims = { 'https://example.com/stores': ['north', 'south'], org: { regions: 'coast' } };
  expect(of(claims, mapping)).toMatchObject({ stores: ['north', 'south'], regions: ['coast'] });
});

const PREFIX = `api://${'x'.repeat(36)}/`;
test('scopes may be many, and their text long', () => {
  const scope = Array.from({ length: 15 }, (_, n) => `${PREFIX}s:${n}`).join(' ');
  expect(of({ scope }, claimMapping([], [], PREFIX)).scopes?.size).toBe(15);
});

describe.each([
  ['NUL, which PostgreSQL does not store', 'a\0b'],
  ['a line feed', 'a\nb'],
  ['an escape', 'a\x1bb'],
  ['a control character of C1', 'a\u009bb'],
  ['half of a character', 'a\ud800b'],
])('texts with %s', (_, text) => {
  test.each([
    ['sub', { sub: text }],
    ['oid', { oid: text }],
    ['oid', { oid: ['o', text] }],
  ])('are nobody in %s, and nobody else', (claim, claims) => {
    expect(() => of(claims)).toThrow(
      new InvalidCredentialError(
        `The claim ${claim} of the token is nobody's id: it must be a text of 1 to 300 characters, without control characters.`,
      ),
    );
  });

  test('count for nothing elsewhere', () => {
    const mapping = claimMapping(['roles=roles|groups'], [`${text}=super_admin`], '');
    const claims = {
      ...{ preferred_username: text, email: 'ann@example.com', client_id: text, azp: 'app' },
      ...{ roles: [text, 'auditor'], groups: [text], scope: `read:products ${text}` },
      ...{ stores: ['north', text], regions: text },
    };
    expect(of(claims, mapping)).toEqual({
      ...{ externalId: 'ann', name: 'ann@example.com', client: 'app', roles: ['auditor'] },
      ...{ scopes: new Set(['read:products']), stores: ['north'], regions: [] },
    });
  });
});

test.each<[string, Record<string, unknown>]>([
  ['none', { sub: undefined }],
  ['empty', { sub: '' }],
  ['a number', { sub: 7 }],
  ['longer than any', { sub: 'x'.repeat(301) }],
])('a subject that is %s is nobody', (_, claims) => {
  expect(() => of(claims)).toThrow(InvalidCredentialError);
});

test.each<[string, unknown]>([
  ['longer than any', 'x'.repeat(301)],
  ['empty', ''],
  ['a number', 7],
  ['an object', { id: 'o' }],
  ['a text among others', ['o', 7]],
])('an oid that is %s does not make of its owner whom sub names', (_, oid) => {
  expect(() => of({ oid })).toThrow(/^The claim oid of the token is nobody's id/);
});

test('an oid that is nothing is passed over', () => {
  expect(of({ oid: null }).externalId).toBe('ann');
});

test.each([
  [['subject'], []],
  [['subject='], []],
  [['who=sub'], []],
  [['__proto__=sub'], []],
  [[], ['staff']],
  [[], ['staff=boss']],
  [[], ['=auditor']],
])('settings that say nothing are refused: %j %j', (claims, roles) => {
  expect(() => claimMapping(claims, roles, '')).toThrow(ConfigurationError);
});
