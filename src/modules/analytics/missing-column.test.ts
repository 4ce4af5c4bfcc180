import { describe, expect, it } from 'vitest';
import { DatabaseError, ValidationError } from '../../kernel/errors.ts';
import { isMissingColumn, withNearestColumns } from './missing-column.ts';
import type { TableStructure } from './queries/table-structures.ts';

const column = (name: string) => ({ name, type: 'text', nullable: false, comment: null, allowed: [] });
const ORDERS: TableStructure = {
  ...{ name: 'retail.orders', comment: null, primaryKey: [], unique: [], foreignKeys: [] },
  columns: ['order_id', 'order_date', 'status', 'total_amount'].map(column),
};
const missing = (name: string) =>
  new DatabaseError(`column ${name} does not exist.`, { data: { sqlstate: '42703', position: 7 } });

describe('withNearestColumns', () => {
  it.each([
    ['"amount"', ['orders.total_amount', 'orders.status', 'orders.order_id']],
    ['o.order_dat', ['orders.order_date', 'orders.order_id', 'orders.status']],
  ])('%s', (name, nearest) => {
    const better = withNearestColumns(missing(name), [ORDERS]);
    expect(better.message).toBe(
      `column ${name} does not exist. Nearest: ${nearest.join(', ')}. get_multiple_table_schemas lists all.`,
    );
    expect(better.data).toEqual({ sqlstate: '42703', position: 7, nearest });
  });

  it('leaves the error alone when the query names no table', () => {
    const error = missing('"x"');
    expect(withNearestColumns(error, [])).toBe(error);
  });
});

it.each([
  [missing('"x"'), true],
  [
    new DatabaseError('column "x" does not exist. Perhaps you meant y.', { data: { sqlstate: '42703' } }),
    false,
  ],
  [new DatabaseError('relation', { data: { sqlstate: '42P01' } }), false],
  [new ValidationError('column "x" does not exist.'), false],
])('isMissingColumn of %s is %s', (error, expected) => expect(isMissingColumn(error)).toBe(expected));
