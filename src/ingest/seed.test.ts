import { describe, expect, it } from 'vitest';
import type { LoaderSession, LoadValue } from '../data/database.ts';
import { ValidationError } from '../kernel/errors.ts';
import { seedDemo } from './seed.ts';

const OPTIONS = { seed: 9, customers: 50, orders: 120, until: '2024-06-01' };

class RecordingSession implements LoaderSession {
  readonly statements: string[] = [];
  readonly loaded: string[] = [];
  readonly #answers: Readonly<Record<string, readonly object[]>>;

  constructor(answers: Readonly<Record<string, readonly object[]>> = {}) {
    this.#answers = answers;
  }

  async query<Row extends object>(text: string): Promise<Row[]> {
    this.statements.push(text);
    const answer = Object.entries(this.#answers).find(([part]) => text.includes(part));
    return [...(answer?.[1] ?? [])] as Row[];
  }

  async load(
    table: string,
    columns: Readonly<Record<string, string>>,
    rows: Iterable<readonly LoadValue[]> | AsyncIterable<readonly LoadValue[]>,
  ): Promise<number> {
    this.loaded.push(table);
    let count = 0;
    for await (const row of rows) {
      expect(row).toHaveLength(Object.keys(columns).length);
      count += 1;
    }
    return count;
  }
}

describe('seedDemo', () => {
  it('loads what others point at first, and the note that it is done last', async () => {
    const session = new RecordingSession();
    const summary = await seedDemo(session, OPTIONS);
    expect(session.loaded).toEqual([
      'retail.regions',
      'retail.stores',
      'access.subjects',
      'access.subject_roles',
      'access.grants',
      'retail.categories',
      'retail.product_types',
      'retail.products',
      'private.customers',
      'retail.inventory',
      'retail.orders',
      'retail.order_items',
      'retail.payments',
      'retail.support_tickets',
    ]);
    expect(session.statements[0]).toContain('pg_advisory_xact_lock');
    expect(session.statements.at(-1)).toContain('INSERT INTO audit.seeds');
    expect(summary).toMatchObject({
      alreadySeeded: false,
      rows: { 'retail.customers': 50, 'retail.orders': 120, 'retail.payments': 120 },
    });
  });

  it('changes nothing in a database that has the demo', async () => {
    const session = new RecordingSession({ 'audit.seeds': [{}] });
    expect(await seedDemo(session, OPTIONS)).toEqual({ alreadySeeded: true });
    expect(session.loaded).toEqual([]);
    expect(session.statements.filter((text) => text.startsWith('INSERT'))).toEqual([]);
  });

  it('refuses to mix with stores that somebody imported', async () => {
    const session = new RecordingSession({ 'retail.stores': [{ slug: 'online' }, { slug: 'tacoma' }] });
    await expect(seedDemo(session, OPTIONS)).rejects.toThrow(/\(online, tacoma\).*--data-dir/);
    expect(session.loaded).toEqual([]);
  });

  it('tells how far it is, never going back, up to the end', async () => {
    const steps: (readonly [done: number, total: number, what: string])[] = [];
    await seedDemo(new RecordingSession(), OPTIONS, (...step) => steps.push(step));
    const done = steps.map(([value]) => value);
    expect(done).toEqual([...done].sort((left, right) => left - right));
    expect(new Set(steps.map(([, total]) => total)).size).toBe(1);
    expect(steps.at(-1)?.[0]).toBe(steps.at(-1)?.[1]);
    expect(steps.map(([, , what]) => what)).toContain('product types');
  });

  it.each([
    [{ customers: 7 }, /customers.* from 8 to/],
    [{ customers: 10.5 }, /customers/],
    [{ orders: -1 }, /orders.* from 0 to/],
    [{ orders: 1e12 }, /orders/],
    [{ seed: -1 }, /seed/],
    [{ seed: Number.NaN }, /seed/],
    [{ until: '2020-01-01' }, /after 2020-01-01/],
    [{ until: '2024-02-31' }, /YYYY-MM-DD/],
    [{ until: '2101-01-01' }, /not after 2100-01-01/],
    [{ until: 'yesterday' }, /YYYY-MM-DD/],
  ])('refuses %o before it asks the database anything', async (wrong, message) => {
    const session = new RecordingSession();
    const seeding = seedDemo(session, { ...OPTIONS, ...wrong });
    await expect(seeding).rejects.toThrow(ValidationError);
    await expect(seeding).rejects.toThrow(message);
    expect(session.statements).toEqual([]);
  });
});
