import type { Database } from '../../src/data/database.ts';
import { PERMISSIONS } from '../../src/kernel/permission.ts';
import type { Principal } from '../../src/kernel/principal.ts';

interface Store {
  readonly storeId: string;
  readonly slug: string;
  readonly principal: Principal;
}

export function principal(subject: string, name: string): Principal {
  return { subject, name, roles: ['super_admin'], permissions: new Set(PERMISSIONS), method: 'development' };
}

/** Ids are written out so that a test's expectation can be read: the last digits tell the row. */
const id = (kind: string, n: number) => `0000000${kind}-0000-4000-8000-${String(n).padStart(12, '0')}`;

export const NORTH: Store = { storeId: id('a', 1), slug: 'north', principal: principal(id('b', 1), 'north') };
export const SOUTH: Store = { storeId: id('a', 2), slug: 'south', principal: principal(id('b', 2), 'south') };
export const HEAD_OFFICE: Principal = principal(id('b', 9), 'head-office');
/** Well-formed, and known to nobody. */
export const STRANGER: Principal = principal(id('b', 77), 'stranger');

/** Two stores that sell the same two products: each has a customer, an order of two lines, stock, a ticket, a payment. */
export async function loadTwoStores(database: Database): Promise<void> {
  await database.asLoader(new AbortController().signal, async (session) => {
    await session.load('retail.regions', { region_id: 'uuid', slug: 'text', name: 'text' }, [
      [id('c', 1), 'coast', 'Coast'],
    ]);
    await session.load(
      'retail.stores',
      { store_id: 'uuid', slug: 'text', name: 'text', location: 'text', region_id: 'uuid' },
      [
        [NORTH.storeId, 'north', 'Store North', '1 North Road', id('c', 1)],
        [SOUTH.storeId, 'south', 'Store South', '2 South Road', id('c', 1)],
      ],
    );
    await session.load('access.subjects', { subject_id: 'uuid', slug: 'text', display_name: 'text' }, [
      [NORTH.principal.subject, 'north', 'Store North'],
      [SOUTH.principal.subject, 'south', 'Store South'],
      [HEAD_OFFICE.subject, 'head-office', 'Head office'],
    ]);
    await session.load('access.subject_roles', { subject_id: 'uuid', role: 'text' }, [
      [NORTH.principal.subject, 'store_manager'],
      [SOUTH.principal.subject, 'store_manager'],
      [HEAD_OFFICE.subject, 'super_admin'],
    ]);
    await session.load('access.grants', { subject_id: 'uuid', scope: 'text', store_id: 'uuid' }, [
      [NORTH.principal.subject, 'store', NORTH.storeId],
      [SOUTH.principal.subject, 'store', SOUTH.storeId],
      [HEAD_OFFICE.subject, 'all', null],
    ]);
    await session.load('retail.categories', { category_id: 'uuid', name: 'text' }, [[id('d', 1), 'Tools']]);
    await session.load('retail.product_types', { type_id: 'uuid', category_id: 'uuid', name: 'text' }, [
      [id('d', 2), id('d', 1), 'Hammers'],
    ]);
    await session.load(
      'retail.products',
      {
        product_id: 'uuid',
        sku: 'text',
        name: 'text',
        category_id: 'uuid',
        type_id: 'uuid',
        cost: 'numeric',
        unit_price: 'numeric',
      },
      [
        [id('e', 1), 'HAM-1', 'Claw hammer', id('d', 1), id('d', 2), '10.00', '14.93'],
        [id('e', 2), 'HAM-2', 'Sledge hammer', id('d', 1), id('d', 2), '30.00', '44.78'],
      ],
    );
    for (const [n, store] of [NORTH, SOUTH].entries()) {
      const customer = id('1', n);
      const order = id('2', n);
      await session.load(
        'private.customers',
        { store_id: 'uuid', customer_id: 'uuid', customer_number: 'text', first_name: 'text', email: 'text' },
        [[store.storeId, customer, `C-${n}`, 'Ann', 'ann@example.com']],
      );
      await session.load(
        'retail.orders',
        {
          store_id: 'uuid',
          order_id: 'uuid',
          order_number: 'text',
          customer_id: 'uuid',
          order_date: 'timestamptz',
          status: 'text',
          total_amount: 'numeric',
          item_count: 'integer',
        },
        [
          [
            store.storeId,
            order,
            `O-${n}`,
            customer,
            '2026-01-15 10:00:00Z',
            'completed',
            n === 0 ? '74.64' : '44.78',
            n === 0 ? 2 : 1,
          ],
        ],
      );
      await session.load(
        'retail.order_items',
        {
          store_id: 'uuid',
          order_id: 'uuid',
          line_number: 'integer',
          product_id: 'uuid',
          quantity: 'integer',
          unit_price: 'numeric',
        },
        n === 0
          ? [
              [store.storeId, order, 1, id('e', 1), 2, '14.93'],
              [store.storeId, order, 2, id('e', 2), 1, '44.78'],
            ]
          : [[store.storeId, order, 1, id('e', 2), 1, '44.78']],
      );
      await session.load(
        'retail.inventory',
        { store_id: 'uuid', product_id: 'uuid', stock_level: 'integer', reorder_level: 'integer' },
        [[store.storeId, id('e', 1), 5 + n, 2]],
      );
      await session.load(
        'retail.support_tickets',
        { store_id: 'uuid', ticket_id: 'uuid', customer_id: 'uuid', subject: 'text', body: 'text' },
        [[store.storeId, id('3', n), customer, 'Loose head', 'The head came loose.']],
      );
      await session.load(
        'retail.payments',
        {
          store_id: 'uuid',
          payment_id: 'uuid',
          order_id: 'uuid',
          amount: 'numeric',
          method: 'text',
          status: 'text',
        },
        [[store.storeId, id('4', n), order, '74.64', 'card', 'captured']],
      );
    }
  });
}
