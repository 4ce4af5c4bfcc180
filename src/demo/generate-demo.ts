import { CUSTOMER_COLUMNS, customerRows } from './customers.ts';
import type { DemoOptions } from './demo-options.ts';
import { INVENTORY_COLUMNS, inventory } from './inventory.ts';
import { reference } from './reference.ts';
import { type DemoTable, type Row, streamed } from './rows.ts';
import { ORDER_COLUMNS, ORDER_ITEM_COLUMNS, PAYMENT_COLUMNS, sales } from './sales.ts';
import { HelpDesk, TICKET_COLUMNS } from './tickets.ts';

/** Some consecutive orders with all that hangs on them, as tables in the order of their foreign keys. */
type SalesBatch = readonly [orders: DemoTable, ...belongings: DemoTable[]];

export interface DemoData {
  /** Regions, stores, callers, catalogue, customers and stock, in the order of their foreign keys. */
  readonly tables: readonly DemoTable[];
  /** How many rows of stock are among them. */
  readonly stockRows: number;
  /** Orders, their lines, payments and support tickets: `size` orders at a time, the earliest first. */
  salesBatches(size: number): Iterable<SalesBatch>;
}

/**
 * The demo retailer: rows made while they are read, always the same for the same options, each a value of `columns`.
 * Options must make sense: whole numbers, at least as many customers as stores, an end after 2020-01-01.
 */
export function generateDemo(options: DemoOptions): DemoData {
  const known = reference();
  return {
    tables: [
      ...known.tables,
      {
        name: 'retail.customers',
        columns: CUSTOMER_COLUMNS,
        rows: streamed(() => customerRows(options, known.storeIds)),
      },
      {
        name: 'retail.inventory',
        columns: INVENTORY_COLUMNS,
        rows: streamed(() => inventory(options, known)),
      },
    ],
    stockRows: known.storeIds.length * known.products.length,
    *salesBatches(size) {
      const desk = new HelpDesk(options, known.storeIds);
      const orders: Row[] = [];
      const items: Row[] = [];
      const payments: Row[] = [];
      const tickets: Row[] = [];
      const batch = (): SalesBatch => [
        { name: 'retail.orders', columns: ORDER_COLUMNS, rows: orders.splice(0) },
        { name: 'retail.order_items', columns: ORDER_ITEM_COLUMNS, rows: items.splice(0) },
        { name: 'retail.payments', columns: PAYMENT_COLUMNS, rows: payments.splice(0) },
        { name: 'retail.support_tickets', columns: TICKET_COLUMNS, rows: tickets.splice(0) },
      ];
      for (const sale of sales(options, known)) {
        orders.push(sale.order);
        items.push(...sale.items);
        payments.push(sale.payment);
        const ticket = desk.about(sale);
        if (ticket !== undefined) tickets.push(ticket);
        if (orders.length >= size) yield batch();
      }
      if (orders.length > 0) yield batch();
    },
  };
}
