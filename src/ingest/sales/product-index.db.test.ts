import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { databases, type OpenedDatabase } from '../../../test/harness/databases.ts';
import { loadTwoStores } from '../../../test/harness/two-stores.ts';
import type { LoaderSession } from '../../data/database.ts';
import { withoutProductIndex } from './product-index.ts';

const INDEX = `SELECT indexdef FROM pg_indexes WHERE indexname = 'idx_order_items_product'`;
const BUILT = [{ indexdef: expect.stringContaining('ON retail.order_items USING btree (product_id)') }];

describe.each(databases)('the index on products of a first load, on $name', ({ open }) => {
  let opened: OpenedDatabase;
  const signal = new AbortController().signal;
  const load = <Result>(work: (session: LoaderSession) => Promise<Result>) =>
    opened.database.asLoader(signal, work);
  const indexes = (session: LoaderSession) => session.query(INDEX);

  beforeEach(async () => {
    opened = await open();
  });
  afterEach(() => opened.close());

  test('is away while an empty database is loaded, and there after it', async () => {
    const meanwhile = await load((session) => withoutProductIndex(session, () => indexes(session)));
    expect(meanwhile).toEqual([]);
    expect(await load(indexes)).toEqual(BUILT);
  });

  test('stays where there are rows', async () => {
    await loadTwoStores(opened.database);
    const meanwhile = await load((session) => withoutProductIndex(session, () => indexes(session)));
    expect(meanwhile).toEqual(BUILT);
  });

  test('is there after a first load that failed', async () => {
    const failing = load((session) =>
      withoutProductIndex(session, () => Promise.reject(new RangeError('half-way'))),
    );
    await expect(failing).rejects.toThrow('half-way');
    expect(await load(indexes)).toEqual(BUILT);
  });
});
