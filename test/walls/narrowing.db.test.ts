/**
 * Threat: a caller confined to one store, by its header or its key, that reaches its other stores all the same. The
 * database holds it to the one store, whatever its SQL says; and no confinement opens a store that is not the caller's.
 */
import { describe, expect, it } from 'vitest';
import { createNarrowing } from '../../src/auth/narrow.ts';
import { TENANT_TABLES } from '../../src/data/tables.ts';
import type { Principal } from '../../src/kernel/principal.ts';
import { databasesAndManaged } from '../harness/databases.ts';
import { HEAD_OFFICE, NORTH, principal, SOUTH, STRANGER } from '../harness/two-stores.ts';
import { wallOn } from '../harness/wall.ts';

const REGION = '0000000c-0000-4000-8000-000000000001';
const MANAGER = principal('0000000b-0000-4000-8000-000000000005', 'manager');

describe.each(databasesAndManaged)('narrowing on $name', ({ name, open }) => {
  const { as, operate, opened } = wallOn(open);
  const narrowed = (who: Principal, id: string) =>
    createNarrowing({ findOwnStore: opened().database.findOwnStore })(
      { ...who, method: 'token' },
      { 'x-rls-user-id': id },
    ).then(
      ({ store }) => store,
      (error: Error) => error.message,
    );
  const INVALID = 'Invalid RLS context for user';

  describe.each(TENANT_TABLES)('%s', (table) => {
    const stores = async (who: Principal) =>
      (await as(who, `SELECT DISTINCT store_id FROM ${table} ORDER BY 1`)).rows.flat();

    it('shows who sees all stores the one that it is confined to', async () => {
      expect(await stores(HEAD_OFFICE)).toEqual([NORTH.storeId, SOUTH.storeId]);
      expect(await stores({ ...HEAD_OFFICE, store: SOUTH.storeId })).toEqual([SOUTH.storeId]);
    });

    it("shows nothing to who is confined to another's store", async () => {
      expect(await stores({ ...NORTH.principal, store: SOUTH.storeId })).toEqual([]);
      expect(await stores({ ...STRANGER, store: SOUTH.storeId })).toEqual([]);
    });
  });

  it('a confinement can be shed by no setting', async () => {
    const sql = `WITH f AS MATERIALIZED (SELECT set_config('aisle.context',
        replace(current_setting('aisle.context'), '${SOUTH.storeId}', ''), true) AS c)
      SELECT s.slug FROM f, LATERAL (SELECT slug FROM retail.stores WHERE f.c IS NOT NULL) s`;
    const shown = await as({ ...HEAD_OFFICE, store: SOUTH.storeId }, sql).then(
      ({ rows }) => rows,
      (error: { code: string; data: { sqlstate?: string } }) => error.data.sqlstate ?? error.code,
    );
    expect(shown).toEqual(name === 'embedded' ? '42501' : 'UNAVAILABLE'); // not callable there, not believed here
  });

  it('names a store by its id, or by the id of its own subject', async () => {
    for (const id of [NORTH.storeId, NORTH.principal.subject])
      expect(await narrowed(NORTH.principal, id), id).toBe(NORTH.storeId);
    for (const id of [SOUTH.storeId, SOUTH.principal.subject])
      expect(await narrowed(HEAD_OFFICE, id), id).toBe(SOUTH.storeId);
  });

  it.each([SOUTH.storeId, SOUTH.principal.subject, HEAD_OFFICE.subject, STRANGER.subject])(
    '%s is no store of North, and of the stranger neither',
    async (id) => {
      expect(await narrowed(NORTH.principal, id)).toBe(INVALID);
      expect(await narrowed(STRANGER, id)).toBe(INVALID);
    },
  );

  it('a region counts by its stores; a subject of several stores names none of them', async () => {
    await operate(
      `INSERT INTO access.subjects (subject_id, slug, display_name) VALUES ($1, 'manager', 'Manager')`,
      [MANAGER.subject],
    );
    expect(await narrowed(MANAGER, NORTH.storeId)).toBe(INVALID);
    await operate(`INSERT INTO access.grants (subject_id, scope, region_id) VALUES ($1, 'region', $2)`, [
      MANAGER.subject,
      REGION,
    ]);
    expect(await narrowed(MANAGER, NORTH.storeId)).toBe(NORTH.storeId);
    expect(await narrowed(HEAD_OFFICE, MANAGER.subject)).toBe(INVALID);
    await operate(`INSERT INTO access.grants (subject_id, scope, store_id) VALUES ($1, 'store', $2)`, [
      SOUTH.principal.subject,
      NORTH.storeId,
    ]);
    expect(await narrowed(HEAD_OFFICE, SOUTH.principal.subject)).toBe(INVALID);
  });

  it('somebody who is disabled has no store', async () => {
    await operate('UPDATE access.subjects SET disabled_at = now() WHERE subject_id = $1', [MANAGER.subject]);
    expect(await narrowed(MANAGER, NORTH.storeId)).toBe(INVALID);
    expect((await as({ ...MANAGER, store: NORTH.storeId }, 'SELECT slug FROM stores')).rows).toEqual([]);
  });
});
