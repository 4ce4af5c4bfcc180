/** Closes: a product that is found by words that it no longer has, or not by those it has now; a nightly list of prices that rebuilds all documents. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases, type OpenedDatabase } from '../../../../test/harness/databases.ts';
import { loadTwoStores } from '../../../../test/harness/two-stores.ts';

const signal = new AbortController().signal;

describe.each(databases)('documents of products on $name', ({ name, open }) => {
  let opened: OpenedDatabase;
  beforeAll(async () => {
    opened = await open({}, undefined, 16); // of them a quarter for loaders
    await loadTwoStores(opened.database);
  });
  afterAll(() => opened.close());

  const run = (text: string) => opened.database.asLoader(signal, (session) => session.query(text));
  const stale = () =>
    run(
      'SELECT sku FROM retail.product_texts JOIN retail.product_search USING (product_id) WHERE fingerprint <> md5(content)::uuid',
    );
  const having = async (word: string) =>
    (
      await run(
        `SELECT sku FROM retail.product_search JOIN retail.products USING (product_id) WHERE document @@ '${word}' ORDER BY 1`,
      )
    ).map((row) => row.sku);

  it.each([
    ['a name', `UPDATE retail.products SET name = 'Mallet' WHERE sku = 'HAM-2'`, 'mallet', ['HAM-2']],
    [
      'a description',
      `UPDATE retail.products SET description = 'Forged' WHERE sku = 'HAM-1'`,
      'forg',
      ['HAM-1'],
    ],
    ['a type', `UPDATE retail.product_types SET name = 'Strikers'`, 'striker', ['HAM-1', 'HAM-2']],
    ['a category', `UPDATE retail.categories SET name = 'Implements'`, 'implement', ['HAM-1', 'HAM-2']],
  ])('follow %s', async (_what, change, word, found) => {
    await run(change);
    expect(await having(word)).toEqual(found);
    expect(await stale()).toEqual([]);
  });

  it('follow changes that silence triggers', async () => {
    await opened.database.asLoader(signal, async (session) => {
      await session.query('SET LOCAL session_replication_role = replica');
      await session.query(`UPDATE retail.products SET name = 'Gavel' WHERE sku = 'HAM-2'`);
    });
    expect(await having('gavel')).toEqual(['HAM-2']);
  });

  it('stay as they are where no word has changed', async () => {
    const before = await run('SELECT product_id, xmin::text FROM retail.product_search ORDER BY 1');
    await run('UPDATE retail.products SET unit_price = unit_price + 1, discontinued = NOT discontinued');
    await run('UPDATE retail.product_types SET name = name');
    expect(await run('SELECT product_id, xmin::text FROM retail.product_search ORDER BY 1')).toEqual(before);
  });

  it.skipIf(name === 'embedded')('have both of two changes that were made at once', async () => {
    const renamed = Promise.withResolvers<void>();
    const described = Promise.withResolvers<void>();
    const first = opened.database.asLoader(signal, async (session) => {
      await session.query(`UPDATE retail.categories SET name = 'Utensils'`);
      renamed.resolve();
      // Until the other one waits for this one, or has gone past it.
      await described.promise;
    });
    await renamed.promise;
    const second = opened.database.asLoader(signal, async (session) => {
      const [own] = await session.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      const update = session.query(`UPDATE retail.products SET description = 'Polished' WHERE sku = 'HAM-1'`);
      void update.then(() => described.resolve());
      await waitsOrEnds(own?.pid ?? 0, described.promise);
      described.resolve();
      await update;
    });
    await Promise.all([first, second]);
    expect(await stale()).toEqual([]);
    expect(await having("''polish'' & ''utensil''")).toEqual(['HAM-1']);
  });

  async function waitsOrEnds(pid: number, ended: Promise<void>): Promise<void> {
    let isOver = false;
    void ended.then(() => {
      isOver = true;
    });
    while (!isOver) {
      const [found] = await run(
        `SELECT EXISTS (SELECT FROM pg_locks WHERE pid = ${pid} AND NOT granted) AS waits`,
      );
      if (found?.waits === true) return;
    }
  }
});
