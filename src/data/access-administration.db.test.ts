/** What an operator grants and revokes, and from when on it counts. Nothing fails half-way. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { databasesAndManaged, type OpenedDatabase } from '../../test/harness/databases.ts';
import { HEAD_OFFICE, loadTwoStores, NORTH, SOUTH } from '../../test/harness/two-stores.ts';
import { createDevelopmentAuthenticator } from '../auth/development.ts';
import type { AccessAdministration, Entitlement } from './database.ts';

const MANAGER: Entitlement = { kind: 'role', role: 'store_manager' };
const store = (slug: string): Entitlement => ({ kind: 'store', slug });
const COAST: Entitlement = { kind: 'region', slug: 'coast' };
const ALL: Entitlement = { kind: 'all' };

describe.each(databasesAndManaged)('access on $name', ({ open }) => {
  let opened: OpenedDatabase;
  let access: AccessAdministration;
  beforeAll(async () => {
    opened = await open();
    await loadTwoStores(opened.database);
    ({ access } = opened.database);
  });
  afterAll(() => opened.close());

  const held = async (slug: string) => {
    const found = (await access.list()).find((each) => each.slug === slug) ?? expect.fail(`no ${slug}`);
    const { roles, stores, regions, allStores, isDisabled } = found;
    return { roles, stores, regions, allStores, isDisabled };
  };
  const NOTHING = { roles: [], stores: [], regions: [], allStores: false, isDisabled: false };
  const refusal = (work: Promise<unknown>) =>
    work.then(
      () => 'done',
      (error: Error & { code: string }) => `${error.code}: ${error.message}`,
    );

  it('lists everyone, with what they hold', async () => {
    expect((await access.list()).map(({ slug, subject }) => [slug, subject])).toEqual([
      ['head-office', HEAD_OFFICE.subject],
      ['north', NORTH.principal.subject],
      ['south', SOUTH.principal.subject],
    ]);
    expect(await held('north')).toEqual({ ...NOTHING, roles: ['store_manager'], stores: ['north'] });
    expect(await held('head-office')).toEqual({ ...NOTHING, roles: ['super_admin'], allStores: true });
  });

  it('a new subject may do nothing, until it is granted something', async () => {
    const { subject } = await access.add('anna', 'Anna of the coast');
    expect(await held('anna')).toEqual(NOTHING);
    expect(await access.grant('anna', [MANAGER, store('south'), COAST, ALL])).toEqual({
      ...{ subject, slug: 'anna', displayName: 'Anna of the coast', isDisabled: false },
      ...{ roles: ['store_manager'], stores: ['south'], regions: ['coast'], allStores: true },
    });
    await access.grant(subject, [MANAGER, store('south'), ALL]); // by its id, and what it holds already
    expect(await held('anna')).toMatchObject({
      roles: ['store_manager'],
      stores: ['south'],
      allStores: true,
    });
    await access.revoke('anna', [MANAGER, store('south'), COAST, ALL]);
    expect(await held('anna')).toEqual(NOTHING);
  });

  it('what does not exist is named, with what does', async () => {
    expect(await refusal(access.grant('nobody', [ALL]))).toBe(
      "VALIDATION_ERROR: There is no subject 'nobody'. There are: anna, head-office, north, south.",
    );
    expect(await refusal(access.grant('anna', [store('nowhere')]))).toBe(
      "VALIDATION_ERROR: There is no store 'nowhere'. There are: north, south.",
    );
    expect(await refusal(access.revoke('anna', [{ kind: 'region', slug: 'hills' }]))).toBe(
      "VALIDATION_ERROR: There is no region 'hills'. There are: coast.",
    );
    expect(await refusal(access.setDisabled('nobody', true))).toContain("There is no subject 'nobody'.");
  });

  it('what is not held can not be taken', async () => {
    expect(await refusal(access.revoke('north', [{ kind: 'role', role: 'auditor' }]))).toBe(
      'VALIDATION_ERROR: north does not have the role auditor. It has: store_manager.',
    );
    expect(await refusal(access.revoke('north', [store('south')]))).toBe(
      'VALIDATION_ERROR: north does not have a grant of store south. It has: store north.',
    );
    expect(await refusal(access.revoke('anna', [ALL]))).toBe(
      'VALIDATION_ERROR: anna does not have a grant of all stores. It has: nothing.',
    );
  });

  it.each(['', 'Anna', '-anna', 'a b', 'x'.repeat(64)])('%j is no name for a subject', async (slug) => {
    expect(await refusal(access.add(slug, 'Anna'))).toContain('is no name for a subject');
  });

  it('a name that is taken, or none at all, is refused', async () => {
    expect(await refusal(access.add('north', 'Another'))).toBe(
      "VALIDATION_ERROR: There is a subject 'north' already.",
    );
    expect(await refusal(access.add('bert', ''))).toContain('1 to 100 characters');
  });

  it('is done whole or not at all', async () => {
    expect(await refusal(access.grant('anna', [MANAGER, store('nowhere')]))).toContain('no store');
    expect(await refusal(access.revoke('north', [MANAGER, ALL]))).toContain('does not have');
    expect(await held('anna')).toEqual(NOTHING);
    expect(await held('north')).toMatchObject({ roles: ['store_manager'] });
  });

  it('a grant that is revoked counts with the next query, a role within 5 s on a running server', async () => {
    const auth = createDevelopmentAuthenticator({ findSubject: opened.database.findSubject });
    const headers = { 'x-rls-user-id': SOUTH.principal.subject };
    const context = { principal: SOUTH.principal, requestId: 'r', signal: new AbortController().signal };
    const stores = () =>
      opened.database.withTenant(
        context,
        async (tenant) => (await tenant.query({ text: 'SELECT slug FROM stores' })).rows,
      );
    expect((await auth.authenticate(headers)).permissions.has('read:reports')).toBe(true);
    expect(await stores()).toEqual([['south']]);

    await access.revoke('south', [MANAGER, store('south')]);
    expect(await stores()).toEqual([]);
    const now = performance.now();
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => now + 5001);
    expect([...(await auth.authenticate(headers)).permissions]).toEqual([]);
    clock.mockRestore();
  });

  it('who is disabled is nobody, and keeps what it holds for when it is back', async () => {
    await access.setDisabled('north', true);
    expect(await opened.database.findSubject('north')).toBeUndefined();
    expect(await held('north')).toMatchObject({
      isDisabled: true,
      roles: ['store_manager'],
      stores: ['north'],
    });
    await access.setDisabled('north', false);
    expect(await opened.database.findSubject('north')).toMatchObject({ subject: NORTH.principal.subject });
  });
});
