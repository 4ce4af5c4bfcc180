/** Who sees which stores, and from when on no more. A change counts with the next query. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { databasesAndManaged } from '../harness/databases.ts';
import { NORTH, principal, SOUTH } from '../harness/two-stores.ts';
import { wallOn } from '../harness/wall.ts';

const REGION = '0000000c-0000-4000-8000-000000000001';
const ELSEWHERE = '0000000c-0000-4000-8000-000000000002';
const MANAGER = principal('0000000b-0000-4000-8000-000000000005', 'manager');
const EAST = '0000000a-0000-4000-8000-000000000003';

describe.each(databasesAndManaged)('grants on $name', ({ open }) => {
  const { as, operate } = wallOn(open);
  const stores = async (who = MANAGER) =>
    (await as(who, 'SELECT slug FROM stores ORDER BY 1')).rows.map(([slug]) => slug);
  const grant = (scope: string, store: string | null, region: string | null) =>
    operate(`INSERT INTO access.grants (subject_id, scope, store_id, region_id) VALUES ($1, $2, $3, $4)`, [
      MANAGER.subject,
      scope,
      store,
      region,
    ]);

  it('of a store, of several, of a region and of all are the sum of what each opens', async () => {
    await operate(
      `INSERT INTO access.subjects (subject_id, slug, display_name) VALUES ($1, 'manager', 'M')`,
      [MANAGER.subject],
    );
    await operate(
      `INSERT INTO retail.regions (region_id, slug, name) VALUES ($1, 'elsewhere', 'Elsewhere')`,
      [ELSEWHERE],
    );
    await operate(
      `INSERT INTO retail.stores (store_id, slug, name, location, region_id) VALUES ($1, 'east', 'Store East', '3', $2)`,
      [EAST, ELSEWHERE],
    );
    expect(await stores()).toEqual([]);
    await grant('store', NORTH.storeId, null);
    expect(await stores()).toEqual(['north']);
    await grant('store', EAST, null);
    expect(await stores()).toEqual(['east', 'north']);
    await grant('region', null, REGION);
    expect(await stores()).toEqual(['east', 'north', 'south']);
    await grant('all', null, null);
    expect(await stores()).toEqual(['east', 'north', 'south']);
  });

  it('one that is taken away counts with the next query', async () => {
    await operate(`DELETE FROM access.grants WHERE subject_id = $1 AND scope IN ('all', 'store')`, [
      MANAGER.subject,
    ]);
    expect(await stores()).toEqual(['north', 'south']);
  });

  it('a store that changes its region changes who sees it', async () => {
    const move = (store: string, region: string) =>
      operate('UPDATE retail.stores SET region_id = $2 WHERE store_id = $1', [store, region]);
    await move(SOUTH.storeId, ELSEWHERE);
    expect(await stores()).toEqual(['north']);
    await move(EAST, REGION);
    expect(await stores()).toEqual(['east', 'north']);
  });

  it('a new store of a region is seen by whoever may see the region', async () => {
    await operate(
      `INSERT INTO retail.stores (slug, name, location, region_id) VALUES ('west', 'Store West', '4', $1)`,
      [REGION],
    );
    expect(await stores()).toEqual(['east', 'north', 'west']);
  });

  it('somebody who is disabled sees nothing with the next query, and is back when enabled again', async () => {
    const disable = (at: string) =>
      operate(`UPDATE access.subjects SET disabled_at = ${at} WHERE subject_id = ANY ($1)`, [
        [MANAGER.subject, SOUTH.principal.subject],
      ]);
    await disable('now()');
    expect([await stores(), await stores(SOUTH.principal)]).toEqual([[], []]);
    await disable('NULL');
    expect([await stores(), await stores(SOUTH.principal)]).toEqual([['east', 'north', 'west'], ['south']]);
  });

  it('somebody who is deleted sees nothing with the next query', async () => {
    await operate('DELETE FROM access.subjects WHERE subject_id = $1', [MANAGER.subject]);
    expect(await stores()).toEqual([]);
  });
});

describe.each(databasesAndManaged)('time on $name', ({ open }) => {
  const { asNorth, opened, signal } = wallOn(open);
  const realNow = Date.now;
  const shift = (hours: number) =>
    vi.spyOn(Date, 'now').mockImplementation(() => realNow() + hours * 3_600_000);
  afterEach(() => vi.restoreAllMocks());
  const orders = async () => (await asNorth('SELECT order_number FROM orders')).rows;

  it.each([
    ['an hour behind', -1],
    ['an hour ahead', 1],
    ['an hour behind again', -1],
  ])(
    'a server whose clock is set to %s is believed all the same: the clock of the database counts',
    async (_how, hours) => {
      shift(hours);
      expect(await orders()).toEqual([['O-0']]);
      expect(await orders()).toEqual([['O-0']]);
    },
  );

  it('a token lives for its query and 40 s, by the clock of the database', async () => {
    // A principal of its own: the token of an earlier query of the same one would be used again.
    const context = { principal: { ...NORTH.principal }, signal, requestId: 'r' };
    const lives = await opened().database.withTenant(context, (tenant) =>
      tenant.query({
        text: `SELECT (split_part(current_setting('aisle.context'), '.', 3)::numeric - extract(epoch FROM clock_timestamp()))::int`,
        timeoutMs: 2000,
      }),
    );
    expect([41, 42, 43]).toContain(lives.rows[0]?.[0]);
  });
});
