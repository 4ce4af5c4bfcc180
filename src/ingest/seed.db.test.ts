import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases, type OpenedDatabase } from '../../test/harness/databases.ts';
import { type SeedSummary, seedDemo } from './seed.ts';

const OPTIONS = { seed: 42, customers: 300, orders: 900, until: '2026-05-02' };
const signal = new AbortController().signal;

describe.each(databases)('seeding on $name', ({ open }) => {
  let opened: OpenedDatabase;
  let first: SeedSummary;

  const ask = <Row extends object>(text: string): Promise<Row[]> =>
    opened.database.asLoader(signal, (session) => session.query<Row>(text));
  const countOrders = async (): Promise<number | undefined> => {
    const rows = await ask<{ count: number }>('SELECT count(*)::integer AS count FROM retail.orders');
    return rows[0]?.count;
  };

  beforeAll(async () => {
    opened = await open();
  });
  afterAll(() => opened.close());

  it('leaves nothing of a seed that broke off', async () => {
    const broken = opened.database.asLoader(signal, (session) =>
      seedDemo(session, OPTIONS, (_, __, what) => {
        if (what === 'orders') throw new RangeError('the plug was pulled');
      }),
    );
    await expect(broken).rejects.toThrow('the plug was pulled');
    expect(await countOrders()).toBe(0);
    expect(await ask('SELECT 1 FROM access.subjects')).toEqual([]);
  });

  it('passes every constraint, all rows there', async () => {
    first = await opened.database.asLoader(signal, (session) => seedDemo(session, OPTIONS));
    expect(first).toMatchObject({
      alreadySeeded: false,
      rows: { 'retail.orders': 900, 'retail.customers': 300 },
    });
    expect(await countOrders()).toBe(900);
    const subjects = await opened.database.listSubjects();
    expect(subjects.map(({ name }) => name)).toContain('seattle');
    expect(subjects).toHaveLength(10);
  });

  it('has orders worth exactly the sum of their lines', async () => {
    const wrong = await ask(`SELECT o.order_number FROM retail.orders o
      WHERE o.total_amount IS DISTINCT FROM (SELECT sum(i.line_total) FROM retail.order_items i
        WHERE i.store_id = o.store_id AND i.order_id = o.order_id)`);
    expect(wrong).toEqual([]);
  });

  it('writes down what it made', async () => {
    expect(await ask('SELECT seed::integer, customers, orders, until_date::text FROM audit.seeds')).toEqual([
      { seed: 42, customers: 300, orders: 900, until_date: '2026-05-02' },
    ]);
  });

  it('changes nothing the second time, whatever is asked for', async () => {
    const again = await opened.database.asLoader(signal, (session) =>
      seedDemo(session, { ...OPTIONS, seed: 43 }),
    );
    expect(again).toEqual({ alreadySeeded: true });
    expect(await countOrders()).toBe(900);
  });
});

describe.each(databases)('seeding twice at once on $name', ({ open }) => {
  it('is done by one', async () => {
    const opened = await open();
    try {
      const seed = () => opened.database.asLoader(signal, (session) => seedDemo(session, OPTIONS));
      const summaries = await Promise.all([seed(), seed()]);
      expect(summaries.map(({ alreadySeeded }) => alreadySeeded).sort()).toEqual([false, true]);
    } finally {
      await opened.close();
    }
  });
});
