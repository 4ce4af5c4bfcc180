import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases, type OpenedDatabase } from '../../test/harness/databases.ts';
import { loadTwoStores, NORTH } from '../../test/harness/two-stores.ts';
import { READABLE_TABLES, SEARCH_PATH } from '../data/tables.ts';
import { createGuard } from './guard.ts';
import { AMPLIFIERS } from './testing/amplifiers.ts';

/** Closes: a small text that fills the memory or outlives its time, and takes the connection or the server with it. */
const guard = await createGuard({ relations: new Set(READABLE_TABLES), searchPath: SEARCH_PATH });
const TIMEOUT_MS = 300;
/** For the slowest uninterrupted operation on a busy machine, and the embedded database to be started again. */
const ANSWERED_WITHIN_MS = 60_000;

const capped = AMPLIFIERS.filter(({ held }) => held === 'cap');

describe.each(databases)('amplifiers that no rule holds, on $name', ({ open }) => {
  let opened: OpenedDatabase;
  const ask = (text: string, timeoutMs: number) =>
    opened.database.withTenant(
      { principal: NORTH.principal, signal: new AbortController().signal, requestId: 'r' },
      (tenant) => tenant.query({ text, timeoutMs }),
    );
  beforeAll(async () => {
    opened = await open();
    await loadTwoStores(opened.database);
  });
  afterAll(() => opened.close());

  it.each(capped)('$what', { timeout: ANSWERED_WITHIN_MS }, async ({ example }) => {
    expect(guard.check(example)).toMatchObject({ ok: true });
    await expect(ask(example, TIMEOUT_MS)).rejects.toMatchObject({
      code: 'QUERY_TIMEOUT',
      data: { timeout_ms: TIMEOUT_MS },
    });
    expect((await ask('SELECT order_number FROM orders', 5000)).rows).toEqual([['O-0']]);
  });
});
