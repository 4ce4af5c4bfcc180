import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases, type OpenedDatabase } from '../../test/harness/databases.ts';
import { HEAD_OFFICE, loadTwoStores } from '../../test/harness/two-stores.ts';
import { ACCEPTED } from './testing/accepted.ts';

/** What the guard's tests call honest analytics is SQL that really runs: each statement, as the reader, on two stores. */
describe.each(databases)('accepted statements on $name', ({ open }) => {
  let opened: OpenedDatabase;
  let version: number;
  const ask = (text: string) =>
    opened.database.withTenant(
      { principal: HEAD_OFFICE, signal: new AbortController().signal, requestId: 'r' },
      (tenant) => tenant.query({ text, maxRows: 50 }),
    );
  beforeAll(async () => {
    opened = await open();
    await loadTwoStores(opened.database);
    const { rows } = await ask(`SELECT current_setting('server_version_num')::int / 10000`);
    version = Number(rows[0]?.[0]);
  });
  afterAll(() => opened.close());

  const runnable = ACCEPTED.filter(({ extensions }) => extensions === undefined);

  it.each(runnable)('$name', async ({ sinceVersion = 15, statements }) => {
    const failures: Record<string, unknown> = {};
    for (const sql of statements) {
      await ask(sql).catch((error: unknown) => {
        failures[sql] = error;
      });
    }
    // A server that is older than the syntax can't parse it, and that is all that happens.
    expect(Object.keys(failures)).toEqual(version < sinceVersion ? statements : []);
  });
});
