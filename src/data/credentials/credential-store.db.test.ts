/**
 * Threat: a credential that the database goes on taking after it was revoked, expired, or its subject disabled; claims
 * that widen what an operator granted, or that an older token brings back.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { databasesAndManaged, type OpenedDatabase } from '../../../test/harness/databases.ts';
import { HEAD_OFFICE, loadTwoStores, NORTH, SOUTH } from '../../../test/harness/two-stores.ts';
import type { ClaimedSubject, CredentialStore, NewApiKey } from '../../kernel/credentials.ts';
import { ValidationError } from '../../kernel/errors.ts';

const ISSUER = 'https://login.example.com';
const HOUR_MS = 3_600_000;
const inAnHour = () => new Date(Date.now() + HOUR_MS);
const fingerprint = (digit: string) => digit.repeat(64);

describe.each(databasesAndManaged)('credentials on $name', ({ open }) => {
  let opened: OpenedDatabase;
  let credentials: CredentialStore;
  beforeAll(async () => {
    opened = await open();
    credentials = opened.database.credentials;
    await loadTwoStores(opened.database);
  });
  afterAll(() => opened.close());

  const sql = (text: string, values: readonly unknown[] = []) =>
    opened.database.asLoader(new AbortController().signal, (session) => session.query(text, values));
  const state = (externalId: string, ...fingerprints: string[]) =>
    credentials.stateOf({ issuer: ISSUER, externalId, fingerprints });
  const setDisabled = (slug: string, is: boolean) =>
    sql(`UPDATE access.subjects SET disabled_at = CASE WHEN $2 THEN now() END WHERE slug = $1`, [slug, is]);

  describe('identities', () => {
    it('are unknown until an operator links them, to whom the operator says', async () => {
      expect(await state('ann')).toEqual({ revoked: false, subject: 'unknown' });
      await credentials.linkIdentity({ issuer: ISSUER, externalId: 'ann', subject: 'north' });
      const north = { subject: NORTH.principal.subject, name: 'north', roles: ['store_manager'] };
      expect(await state('ann')).toEqual({ revoked: false, subject: north });
      const moved = { issuer: ISSUER, externalId: 'ann', subject: SOUTH.principal.subject };
      expect(await credentials.linkIdentity(moved)).toBe('north');
      expect(await credentials.linkIdentity(moved)).toBeUndefined();
      expect(await state('ann')).toMatchObject({ subject: { name: 'south' } });
      expect(await credentials.listIdentities()).toEqual([
        { issuer: ISSUER, externalId: 'ann', subject: 'south', provisioned: false },
      ]);
      await credentials.unlinkIdentity(ISSUER, 'ann');
      expect(await state('ann')).toEqual({ revoked: false, subject: 'unknown' });
    });

    it('are those of one issuer only', async () => {
      await credentials.linkIdentity({
        issuer: 'https://other.example',
        externalId: 'eve',
        subject: 'head-office',
      });
      expect(await state('eve')).toEqual({ revoked: false, subject: 'unknown' });
    });

    it('of a subject that is disabled say so', async () => {
      await credentials.linkIdentity({ issuer: ISSUER, externalId: 'bob', subject: 'north' });
      await setDisabled('north', true);
      expect(await state('bob')).toEqual({ revoked: false, subject: 'disabled' });
      await setDisabled('north', false);
    });

    it('of nobody can neither be linked nor unlinked', async () => {
      const nobody = { issuer: ISSUER, externalId: 'x', subject: 'nobody' };
      await expect(credentials.linkIdentity(nobody)).rejects.toEqual(
        new ValidationError("There is no subject 'nobody'."),
      );
      await expect(credentials.unlinkIdentity(ISSUER, 'x')).rejects.toBeInstanceOf(ValidationError);
    });
  });

  describe('claims', () => {
    let count = 0;
    let claimed: ClaimedSubject;
    beforeEach(() => {
      count += 1;
      const externalId = `claimed-${count}`;
      claimed = {
        issuer: ISSUER,
        externalId,
        displayName: 'Ann Lee',
        stores: ['north'],
        regions: [],
        issuedAt: 100,
      };
    });
    const subjectOf = async () => {
      const { subject } = await state(claimed.externalId);
      return typeof subject === 'string' ? expect.fail(subject) : subject;
    };
    const grants = async () =>
      (
        await sql(
          `SELECT concat_ws(' ', g.source, g.scope, s.slug, r.slug) AS line FROM access.grants g
            LEFT JOIN retail.stores s USING (store_id) LEFT JOIN retail.regions r ON r.region_id = g.region_id
            WHERE g.subject_id = $1 ORDER BY 1`,
          [(await subjectOf()).subject],
        )
      ).map(({ line }) => line);

    it('make a subject with the stores that they name', async () => {
      await credentials.provision({
        ...claimed,
        stores: ['north', SOUTH.storeId, 'moon'],
        regions: ['coast'],
      });
      expect(await subjectOf()).toEqual({
        subject: expect.stringMatching(/^[0-9a-f-]{36}$/),
        name: expect.stringMatching(/^ann-lee-[0-9a-f]{12}$/),
        roles: [],
      });
      expect(await grants()).toEqual(['claims region coast', 'claims store north', 'claims store south']);
      expect(await state(claimed.externalId)).toMatchObject({ claimsIssuedAt: 100 });
    });

    it('can name all stores, and none', async () => {
      await credentials.provision({ ...claimed, stores: ['*'] });
      expect(await grants()).toEqual(['claims all']);
      await credentials.provision({ ...claimed, stores: [], issuedAt: 101 });
      expect(await grants()).toEqual([]);
    });

    it('that are newer take the place of the older ones, and never the other way round', async () => {
      await credentials.provision(claimed);
      await credentials.provision({ ...claimed, stores: ['south'], issuedAt: 200 });
      expect(await grants()).toEqual(['claims store south']);
      await credentials.provision({ ...claimed, stores: ['*'], issuedAt: 199 });
      await credentials.provision({ ...claimed, stores: ['*'], issuedAt: 200 });
      expect(await grants()).toEqual(['claims store south']);
    });

    it('take nothing away that an operator granted', async () => {
      await credentials.provision(claimed);
      await sql('INSERT INTO access.grants (subject_id, scope) VALUES ($1, $2)', [
        (await subjectOf()).subject,
        'all',
      ]);
      await credentials.provision({ ...claimed, stores: ['*'], issuedAt: 101 });
      await credentials.provision({ ...claimed, stores: ['south'], issuedAt: 102 });
      expect(await grants()).toEqual(['claims store south', 'operator all']);
    });

    it('change nothing about an identity that an operator linked', async () => {
      await credentials.linkIdentity({ issuer: ISSUER, externalId: claimed.externalId, subject: 'south' });
      await credentials.provision({ ...claimed, stores: ['*'] });
      expect(await grants()).toEqual(['operator store south']);
    });

    it('that come together make one subject', async () => {
      await Promise.all([1, 2, 3, 4].map((issuedAt) => credentials.provision({ ...claimed, issuedAt })));
      expect(await state(claimed.externalId)).toMatchObject({ claimsIssuedAt: 4 });
      const made = (await credentials.listIdentities()).filter(
        (one) => one.externalId === claimed.externalId,
      );
      expect(made).toEqual([
        {
          issuer: ISSUER,
          externalId: claimed.externalId,
          subject: (await subjectOf()).name,
          provisioned: true,
        },
      ]);
    });

    it.each([[{}], [{ displayName: 'Ann of another name' }]])(
      'make nobody of somebody whom an operator has unlinked, until an operator links them again: %j',
      async (change) => {
        await credentials.provision({ ...claimed, stores: ['*'] });
        const { name: subject } = await subjectOf();
        await credentials.unlinkIdentity(ISSUER, claimed.externalId);
        await credentials.provision({ ...claimed, ...change, issuedAt: 101 });
        expect(await state(claimed.externalId)).toEqual({ revoked: false, subject: 'unknown' });
        await credentials.linkIdentity({ issuer: ISSUER, externalId: claimed.externalId, subject });
        expect(await subjectOf()).toMatchObject({ name: subject });
      },
    );

    describe('of an issuer of two names', () => {
      const OLD = 'https://old.example/';
      const both = { aliases: [OLD] };
      const known = () =>
        credentials.stateOf({
          ...{ issuer: ISSUER, externalId: claimed.externalId, fingerprints: [] },
          ...both,
        });

      it('make one subject, by whichever name it came first', async () => {
        await credentials.provision({ ...claimed, issuer: OLD });
        const { name } = (await known()).subject as { name: string };
        await credentials.provision({ ...claimed, ...both, stores: ['south'], issuedAt: 200 });
        expect(await known()).toMatchObject({ subject: { name }, claimsIssuedAt: 200 });
        const stored = (await credentials.listIdentities()).filter(
          ({ externalId }) => externalId === claimed.externalId,
        );
        expect(stored).toMatchObject([{ issuer: OLD, subject: name }]);
      });

      it('leave the name that counts first in force where both are stored', async () => {
        const { externalId } = claimed;
        await credentials.provision({ ...claimed, issuer: OLD });
        await credentials.linkIdentity({ issuer: ISSUER, externalId, subject: 'south' });
        await credentials.provision({ ...claimed, ...both, stores: ['*'], issuedAt: 200 });
        expect(await known()).toMatchObject({ subject: { name: 'south' } });
        expect(await credentials.stateOf({ issuer: OLD, externalId, fingerprints: [] })).toMatchObject({
          claimsIssuedAt: 100,
        });
      });

      it('make nobody of somebody who was unlinked under the other name', async () => {
        await credentials.provision({ ...claimed, issuer: OLD });
        await credentials.unlinkIdentity(OLD, claimed.externalId);
        await credentials.provision({ ...claimed, ...both });
        expect(await known()).toEqual({ revoked: false, subject: 'unknown' });
      });
    });

    it("that the database can not store are the asker's fault, and nothing of it is told", async () => {
      const failing = credentials.provision({ ...claimed, displayName: 'a\0b' });
      await expect(failing).rejects.toMatchObject({
        code: 'VALIDATION_ERROR',
        message:
          'The database does not take one of these values. Check its characters, its length and its range.',
        data: { sqlstate: '22021' },
      });
    });

    it.each([
      ['head-office', /^head-office-[0-9a-f]{12}$/],
      ['Ünï¢ødé@example.com', /^n-d-[0-9a-f]{12}$/],
      ['…', /^caller-[0-9a-f]{12}$/],
      ['x'.repeat(300), /^x{40}-[0-9a-f]{12}$/],
    ])('of somebody who calls himself %s', async (displayName, slug) => {
      await credentials.provision({ ...claimed, displayName });
      expect((await subjectOf()).name).toMatch(slug);
    });
  });

  describe('revoked tokens', () => {
    it('are revoked by any of their fingerprints, until they expire', async () => {
      await credentials.revokeTokens([fingerprint('a')], inAnHour());
      await credentials.revokeTokens([fingerprint('b')], new Date(Date.now() - 1));
      expect(await state('ann', fingerprint('c'), fingerprint('a'))).toMatchObject({ revoked: true });
      expect(await state('ann', fingerprint('b'))).toMatchObject({ revoked: false });
      expect(await state('ann')).toMatchObject({ revoked: false });
    });

    it('stay so for the longer of two times', async () => {
      await credentials.revokeTokens([fingerprint('d')], inAnHour());
      await credentials.revokeTokens([fingerprint('d')], new Date(Date.now() - 1));
      expect(await state('ann', fingerprint('d'))).toMatchObject({ revoked: true });
    });
  });

  describe('API keys', () => {
    let count = 0;
    let key: NewApiKey;
    beforeEach(() => {
      count += 1;
      key = {
        ...{ prefix: `prefix0${count}`, name: 'nightly', subject: 'north', hashKeyId: 'k1' },
        ...{ secretHash: Buffer.alloc(32, count), scopes: null, store: null, expiresAt: null },
      };
    });
    const listed = async () => (await credentials.listApiKeys()).find(({ prefix }) => prefix === key.prefix);

    it('are found by their prefix, with what they are confined to', async () => {
      const expiresAt = inAnHour();
      await credentials.createApiKey({ ...key, scopes: ['read:orders'], store: 'north', expiresAt });
      expect(await credentials.findApiKey(key.prefix)).toEqual({
        ...{ prefix: key.prefix, secretHash: key.secretHash, hashKeyId: 'k1', scopes: ['read:orders'] },
        ...{ store: NORTH.storeId, expiresAt: expiresAt.getTime() },
        ...{ subject: NORTH.principal.subject, name: 'north', roles: ['store_manager'] },
      });
      expect(await listed()).toEqual({
        ...{ prefix: key.prefix, name: 'nightly', subject: 'north', scopes: ['read:orders'], store: 'north' },
        ...{ createdAt: expect.any(Date), expiresAt, lastUsedAt: null, revokedAt: null },
      });
      expect(await credentials.findApiKey('unknown0')).toBeUndefined();
    });

    it('are not found once they are revoked, and stay listed', async () => {
      await credentials.createApiKey(key);
      await credentials.revokeApiKey(key.prefix);
      expect(await credentials.findApiKey(key.prefix)).toBeUndefined();
      expect(await listed()).toMatchObject({ revokedAt: expect.any(Date) });
      await expect(credentials.revokeApiKey('unknown0')).rejects.toBeInstanceOf(ValidationError);
    });

    it('are not found once they have expired', async () => {
      await credentials.createApiKey({ ...key, expiresAt: new Date(Date.now() - 1000) });
      expect(await credentials.findApiKey(key.prefix)).toBeUndefined();
    });

    it('are not found while their subject is disabled', async () => {
      await credentials.createApiKey(key);
      await setDisabled('north', true);
      expect(await credentials.findApiKey(key.prefix)).toBeUndefined();
      await setDisabled('north', false);
      expect(await credentials.findApiKey(key.prefix)).toMatchObject({ name: 'north' });
    });

    it('note their use once a minute', async () => {
      await credentials.createApiKey(key);
      await credentials.touchApiKey(key.prefix);
      const first = (await listed())?.lastUsedAt;
      expect(first).toEqual(expect.any(Date));
      await credentials.touchApiKey(key.prefix);
      expect((await listed())?.lastUsedAt).toEqual(first);
    });

    it.each([
      ['nobody', { subject: 'nobody' }, "There is no subject 'nobody'."],
      ['a store of others', { store: 'south' }, "'north' sees no store 'south', so no key of it can."],
      ['a store that is not', { store: 'moon' }, "'north' sees no store 'moon', so no key of it can."],
    ])('are not made for %s', async (_, wrong, message) => {
      await expect(credentials.createApiKey({ ...key, ...wrong })).rejects.toEqual(
        new ValidationError(message),
      );
      expect(await listed()).toBeUndefined();
    });

    it('of somebody who sees all stores can be confined to one', async () => {
      await credentials.createApiKey({ ...key, subject: HEAD_OFFICE.subject, store: SOUTH.storeId });
      expect(await credentials.findApiKey(key.prefix)).toMatchObject({
        name: 'head-office',
        store: SOUTH.storeId,
      });
    });
  });
});
