import { ValidationError } from '../../kernel/errors.ts';
import type { FieldMap } from './fields.ts';

/** What is known about the exports of one system. */
export interface SalesProfile {
  readonly fields: FieldMap;
  /** ISO 4217. */
  readonly currency: string;
  /** Zone of dates that have none; a name of the IANA database. */
  readonly timezone: string;
  /** Beginning of the order numbers of cancellations; none when empty. */
  readonly cancellationPrefix: string;
}

const SALES_PROFILES: Readonly<Record<string, SalesProfile>> = {
  /** https://archive.ics.uci.edu/dataset/352/online+retail */
  'online-retail': {
    fields: {
      order_number: 'InvoiceNo',
      order_date: 'InvoiceDate',
      sku: 'StockCode',
      description: 'Description',
      quantity: 'Quantity',
      unit_price: 'UnitPrice',
      customer_number: 'CustomerID',
      store: 'Country',
    },
    currency: 'GBP',
    timezone: 'UTC',
    cancellationPrefix: 'C',
  },
};

/** Throws `ValidationError` when there is no such profile. */
export function salesProfile(name: string): SalesProfile {
  const profile = Object.hasOwn(SALES_PROFILES, name) ? SALES_PROFILES[name] : undefined;
  if (profile === undefined) {
    throw new ValidationError(
      `No profile "${name}". There are: ${Object.keys(SALES_PROFILES).join(', ')}. Or map the columns with --map.`,
    );
  }
  return profile;
}
