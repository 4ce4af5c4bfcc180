/**
 * The database's own rules, with none of Aisle's code in between: what a signed context opens, and what the writer's
 * policies let it touch. Each case is named after the hole that it closes.
 */
import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bearer, type ContextKey, contextMinter, newContextKey } from '../src/data/context-token.ts';
import { storedTable, TENANT_TABLES } from '../src/data/tables.ts';
import { type SuperuserSession, superuserDatabases } from './harness/superuser.ts';
import { HEAD_OFFICE, NORTH, SOUTH, STRANGER } from './harness/two-stores.ts';

const nowSeconds = () => Math.floor(Date.now() / 1000);

describe.each(superuserDatabases)('row security on $name', ({ connect }) => {
  let session: SuperuserSession;
  let key: ContextKey;
  let pid: number;

  beforeAll(async () => {
    session = await connect();
    const keys = await session.client.query<ContextKey & { pid: number }>(
      `SELECT key_id AS "keyId", inner_pad AS "innerPad", outer_pad AS "outerPad", pg_backend_pid() AS pid
       FROM access.context_keys`,
    );
    const [found] = keys.rows;
    if (found === undefined) expect.fail('no context key');
    ({ pid, ...key } = found);
  });
  afterAll(() => session.close());

  /** As `role` with `context` set, in a transaction that is rolled back. Foreign keys are not what is tested here. */
  const inRole = <Result>(role: string, context: string, work: () => Promise<Result>): Promise<Result> =>
    session.rolledBack(async () => {
      await session.client.query('SET LOCAL session_replication_role = replica');
      await session.client.query(`SELECT set_config('aisle.context', $1, true)`, [context]);
      await session.client.query(`SET LOCAL ROLE ${role}`);
      return work();
    });

  describe('access.visible_stores()', () => {
    const north = NORTH.principal.subject;
    const mint = (expiresAt: number, backend = pid) =>
      contextMinter(key)(NORTH.principal, expiresAt, backend);
    const inAMinute = () => mint(nowSeconds() + 60);
    const signedFor = (bearer: Bearer) => contextMinter(key)(bearer, nowSeconds() + 60, pid);
    const narrowed = (store: string) => signedFor({ ...HEAD_OFFICE, store });
    const rightless = () => signedFor({ ...NORTH.principal, permissions: new Set() });
    /** Signs whatever claims: what only a forger with the key could. */
    const sign = (claims: string) => {
      const secret = key.innerPad.map((byte) => byte ^ 0x36);
      return `${claims}.${createHmac('sha256', secret).update(claims).digest('hex')}`;
    };
    const opens = (context: string) =>
      inRole('aisle_reader', context, async () => {
        const { rows } = await session.client.query<{ stores: string[] | null; orders: number }>(
          'SELECT access.visible_stores() AS stores, (SELECT count(*)::int FROM retail.orders) AS orders',
        );
        return rows[0];
      });

    it('a token in force opens the stores of its subject', async () => {
      const own = { stores: [NORTH.storeId], orders: 1 };
      expect(await opens(inAMinute())).toEqual(own);
      expect(await opens(sign(`${key.keyId}.${north}.${nowSeconds() + 60}.${pid}..`))).toEqual(own);
    });

    const cases: readonly (readonly [hole: string, token: () => string])[] = [
      ['nothing', () => ''],
      ['an expired token', () => mint(nowSeconds() - 2)],
      ['a token of another session', () => mint(nowSeconds() + 60, pid + 1)],
      [
        'a token by a key that is not stored',
        () => contextMinter(newContextKey())(NORTH.principal, 2 ** 32, pid),
      ],
      [
        'a token by another key under the id of the stored one',
        () => contextMinter({ ...newContextKey(), keyId: key.keyId })(NORTH.principal, 2 ** 32, pid),
      ],
      [
        'the id of no key, with the MAC of the stored one',
        () => sign(`unknown.${north}.${nowSeconds() + 60}.${pid}..`),
      ],
      ['another subject put into a token', () => inAMinute().replace(north, SOUTH.principal.subject)],
      [
        'a longer life put into a token',
        () => mint(nowSeconds() - 2).replace(/\.\d+\.(?=\d+\.\.)/, `.${nowSeconds() + 60}.`),
      ],
      [
        'another session put into a token',
        () => mint(nowSeconds() + 60, pid + 1).replace(`.${pid + 1}.`, `.${pid}.`),
      ],
      [
        'a MAC with one digit changed',
        () => inAMinute().replace(/.$/, (digit) => (digit === '0' ? '1' : '0')),
      ],
      ['a MAC cut short', () => inAMinute().slice(0, -1)],
      ['no MAC', () => inAMinute().slice(0, -64)],
      [
        'an over-long token, signed',
        () => sign(`${key.keyId}.${north}.${String(nowSeconds() + 60).padStart(120, '0')}.${pid}..`),
      ],
      ['a megabyte', () => `${key.keyId}.${'a'.repeat(1_000_000)}`],
      ['the id of the key alone', () => key.keyId],
      [
        'a token of before it named stores and rights',
        () => sign(`${key.keyId}.${north}.${nowSeconds() + 60}.${pid}`),
      ],
      ['another store put into a token', () => inAMinute().replace(`.${pid}..`, `.${pid}.${SOUTH.storeId}.`)],
      ['a right put into a token', () => rightless().replace(/\.\.(?=\w{64}$)/, '..p.')],
      [
        'the confinement to a store taken out of a token',
        () => narrowed(NORTH.storeId).replace(`.${NORTH.storeId}.`, '..'),
      ],
    ];

    const refused = { code: 'AISLE', message: 'The tenant context does not hold.' };

    it.each(cases)('%s opens nothing', async (_hole, token) => {
      const context = token();
      const seen = (sql: string) => inRole('aisle_reader', context, () => session.client.query(sql));
      await expect(seen('SELECT access.visible_stores()')).rejects.toMatchObject(refused);
      await expect(seen('SELECT count(*) FROM retail.orders')).rejects.toMatchObject(refused);
    });

    it('a token in force of somebody whom nobody knows holds, and opens no store', async () => {
      const stranger = contextMinter(key)(STRANGER, nowSeconds() + 60, pid);
      expect(await opens(stranger)).toEqual({ stores: [], orders: 0 });
    });

    it('a token that is confined to a store opens that one and no more', async () => {
      expect(await opens(signedFor(HEAD_OFFICE))).toMatchObject({ orders: 2 });
      expect(await opens(narrowed(SOUTH.storeId))).toEqual({ stores: [SOUTH.storeId], orders: 1 });
      expect(await opens(signedFor({ ...NORTH.principal, store: NORTH.storeId }))).toEqual({
        stores: [NORTH.storeId],
        orders: 1,
      });
    });

    it.each([SOUTH.storeId, STRANGER.subject])(
      'a token that is confined to %s, which is not its own, opens nothing',
      async (store) => {
        expect(await opens(signedFor({ ...NORTH.principal, store }))).toEqual({ stores: [], orders: 0 });
      },
    );

    it('personal data is for whoever carries the right, and for no token that does not verify', async () => {
      const sees = (context: string) =>
        inRole('aisle_reader', context, async () => {
          const { rows } = await session.client.query('SELECT access.sees_customer_pii() AS sees');
          return rows;
        });
      expect(await sees(inAMinute())).toEqual([{ sees: true }]);
      expect(await sees(rightless())).toEqual([{ sees: false }]);
      for (const [hole, token] of cases) expect(await sees(token()), hole).toEqual([{ sees: false }]);
    });

    it('a key that was deleted opens nothing any more', async () => {
      const token = inAMinute();
      const stores = session.rolledBack(async () => {
        await session.client.query('DELETE FROM access.context_keys');
        await session.client.query(`SELECT set_config('aisle.context', $1, true)`, [token]);
        await session.client.query('SET LOCAL ROLE aisle_reader');
        return (await session.client.query('SELECT access.visible_stores() AS stores')).rows;
      });
      await expect(stores).rejects.toMatchObject(refused);
    });
  });

  it.each(TENANT_TABLES.map(storedTable))(
    'the owner of %s sees none of its rows: row security is forced',
    async (table) => {
      const context = contextMinter(key)(NORTH.principal, nowSeconds() + 60, pid);
      const { rows } = await inRole('aisle_owner', context, () =>
        session.client.query(`SELECT count(*)::int AS seen FROM ${table}`),
      );
      expect(rows).toEqual([{ seen: 0 }]);
    },
  );

  it('a foreign key that is checked past row security tells nothing of another store', async () => {
    const context = contextMinter(key)(NORTH.principal, nowSeconds() + 60, pid);
    const orderOf = (customer: string) =>
      session.rolledBack(async () => {
        await session.client.query(`SELECT set_config('aisle.context', $1, true)`, [context]);
        await session.client.query('SET LOCAL ROLE aisle_writer');
        return session.client
          .query(
            `INSERT INTO retail.orders (store_id, order_number, order_date, customer_id) VALUES ($1, 'O-new', now(), $2)`,
            [NORTH.storeId, customer],
          )
          .then(
            () => 'stored',
            (error: Error) => error.message,
          );
      });
    const [norths, souths, nobodys] = [0, 1, 2].map((n) => `00000001-0000-4000-8000-00000000000${n}`);
    const violated =
      'insert or update on table "orders" violates foreign key constraint "orders_store_id_customer_id_fkey"';
    expect(await orderOf(norths ?? '')).toBe('stored');
    expect(await orderOf(souths ?? '')).toBe(violated);
    expect(await orderOf(nobodys ?? '')).toBe(violated);
  });

  /** Statements name no column that they read, so that the policy of their own kind alone is what confines them. */
  const WRITES = [
    {
      table: 'private.customers',
      own: 1,
      insert: `(store_id, email) VALUES ($1, 'new@example.com')`,
      set: `tier = 'pro'`,
    },
    {
      table: 'retail.orders',
      own: 1,
      insert: `(store_id, order_number, order_date) VALUES ($1, 'O-new', now())`,
      set: `status = 'shipped'`,
    },
    {
      table: 'retail.order_items',
      own: 2,
      insert: `(store_id, order_id, line_number, product_id, quantity, unit_price)
               VALUES ($1, gen_random_uuid(), 1, gen_random_uuid(), 1, 1)`,
      set: 'quantity = 3',
    },
    {
      table: 'retail.inventory',
      own: 1,
      insert: '(store_id, product_id, stock_level) VALUES ($1, gen_random_uuid(), 1)',
      set: 'stock_level = 0',
    },
    {
      table: 'retail.support_tickets',
      own: 1,
      insert: `(store_id, customer_id, subject) VALUES ($1, gen_random_uuid(), 'New')`,
      set: `status = 'closed'`,
    },
    {
      table: 'retail.payments',
      own: 1,
      insert: `(store_id, order_id, amount, method) VALUES ($1, gen_random_uuid(), 1, 'cash')`,
      set: `status = 'refunded'`,
    },
  ] as const;

  it('the writer may write the tables below, and no other that holds a store', async () => {
    const { rows } = await session.client.query<{ name: string }>(
      `SELECT DISTINCT table_schema || '.' || table_name AS name FROM information_schema.role_table_grants
       WHERE grantee = 'aisle_writer' AND privilege_type <> 'SELECT' ORDER BY 1`,
    );
    const written = WRITES.map(({ table }) => table).sort();
    expect(rows.map(({ name }) => name)).toEqual(written);
    expect([...written, 'retail.stores'].sort()).toEqual(TENANT_TABLES.map(storedTable).sort());
  });

  describe.each(WRITES)('writing $table', ({ table, own, insert, set }) => {
    const outcome = (role: string, context: string, text: string, values: unknown[] = []) =>
      inRole(role, context, () =>
        session.client.query(text, values).then(
          (result) => result.rowCount,
          (error: Error) => error.message,
        ),
      );
    const asNorth = (text: string, values?: unknown[]) =>
      outcome('aisle_writer', contextMinter(key)(NORTH.principal, nowSeconds() + 60, pid), text, values);
    const INSERT = `INSERT INTO ${table} ${insert}`;
    const UPDATE = `UPDATE ${table} SET`;
    const [schema, name] = table.split('.');
    const violated = `new row violates row-level security policy for table "${name}"`;
    const denied =
      schema === 'private' ? 'permission denied for schema private' : `permission denied for table ${name}`;

    it('a row of the own store goes in, one of another store is refused', async () => {
      expect(await asNorth(INSERT, [NORTH.storeId])).toBe(1);
      expect(await asNorth(INSERT, [SOUTH.storeId])).toBe(violated);
    });

    it('an update of every row touches the rows of the own store', async () => {
      expect(await asNorth(`${UPDATE} ${set}`)).toBe(own);
      expect(await asNorth(`${UPDATE} ${set} WHERE store_id = $1`, [SOUTH.storeId])).toBe(0);
    });

    it('a row moved into another store is refused', async () => {
      expect(await asNorth(`${UPDATE} store_id = $1`, [SOUTH.storeId])).toBe(violated);
    });

    it('a delete of every row touches the rows of the own store', async () => {
      expect(await asNorth(`DELETE FROM ${table}`)).toBe(own);
      expect(await asNorth(`DELETE FROM ${table} WHERE store_id = $1`, [SOUTH.storeId])).toBe(0);
    });

    it('nothing is written without a context', async () => {
      const refused = 'The tenant context does not hold.';
      expect(await outcome('aisle_writer', '', INSERT, [NORTH.storeId])).toBe(refused);
      expect(await outcome('aisle_writer', '', `${UPDATE} ${set}`)).toBe(refused);
      expect(await outcome('aisle_writer', '', `DELETE FROM ${table}`)).toBe(refused);
    });

    it('the reader may not write, its own store neither', async () => {
      const context = contextMinter(key)(NORTH.principal, nowSeconds() + 60, pid);
      expect(await outcome('aisle_reader', context, INSERT, [NORTH.storeId])).toBe(denied);
      expect(await outcome('aisle_reader', context, `${UPDATE} ${set}`)).toBe(denied);
      expect(await outcome('aisle_reader', context, `DELETE FROM ${table}`)).toBe(denied);
    });
  });
});
