import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { databases, type OpenedDatabase } from '../../../test/harness/databases.ts';
import { loadTwoStores } from '../../../test/harness/two-stores.ts';
import type { LoaderSession } from '../../data/database.ts';
import { withoutLineIndexes } from './line-indexes.ts';

const INDEXES = `SELECT indexname, substring(indexdef FROM '\\(.*') AS columns FROM pg_indexes
  WHERE schemaname = 'retail' AND tablename = 'order_items' ORDER BY 1`;
const BUILT = [
  { indexname: 'idx_order_items_product', columns: '(product_id)' },
  { indexname: 'order_items_pkey', columns: '(store_id, order_id, line_number)' },
];

describe.each(databases)('the key and index of lines in a first load, on $name', ({ open }) => {
  let opened: OpenedDatabase;
  const signal = new AbortController().signal;
  const load = <Result>(work: (session: LoaderSession) => Promise<Result>) =>
    opened.database.asLoader(signal, work);
  const indexes = (session: LoaderSession) => session.query(INDEXES);

  beforeEach(async () => {
    opened = await open();
  });
  afterEach(() => opened.close());

  test('are away while an empty database is loaded, and there after it', async () => {
    const meanwhile = await load((session) => withoutLineIndexes(session, () => indexes(session)));
    expect(meanwhile).toEqual([]);
    expect(await load(indexes)).toEqual(BUILT);
  });

  test('stay where there are rows', async () => {
    await loadTwoStores(opened.database);
    const meanwhile = await load((session) => withoutLineIndexes(session, () => indexes(session)));
    expect(meanwhile).toEqual(BUILT);
  });

  test('are there after a first load that failed', async () => {
    const failing = load((session) =>
      withoutLineIndexes(session, () => Promise.reject(new RangeError('half-way'))),
    );
    await expect(failing).rejects.toThrow('half-way');
    expect(await load(indexes)).toEqual(BUILT);
  });
});
