import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases, type OpenedDatabase } from '../../test/harness/databases.ts';
import { NORTH } from '../../test/harness/two-stores.ts';
import type { LogFields, Logger } from '../kernel/logger.ts';

describe.each(databases)('the log of queries on $name', ({ open }) => {
  const lines: { level: string; message: string; fields: LogFields | undefined }[] = [];
  const write = (level: string) => (message: string, fields?: LogFields) => {
    lines.push({ level, message, fields });
  };
  const logger: Logger = {
    ...{ debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') },
    writes: () => true,
    child: () => logger,
  };
  let opened: OpenedDatabase;
  const ask = (text: string, timeoutMs: number) =>
    opened.database.withTenant(
      { principal: NORTH.principal, signal: new AbortController().signal, requestId: 'call-7' },
      (tenant) => tenant.query({ text, timeoutMs }),
    );

  beforeAll(async () => {
    opened = await open({}, logger);
  });
  afterAll(() => opened.close());

  it('names the request and the query by hash, never its text', async () => {
    await ask("SELECT 'ann@example.com'", 1000);
    expect(lines).toEqual([
      {
        level: 'debug',
        message: 'database_query',
        fields: {
          request_id: 'call-7',
          query_hash: 'acd1d4bf49d3ecae',
          status: 'ok',
          duration_ms: expect.any(Number),
        },
      },
    ]);
  });

  it('tells a slow query at every level, and how it ended', async () => {
    lines.length = 0;
    await ask('SELECT count(*) FROM generate_series(1, 1000000000000)', 1100).catch(() => {});
    expect(lines).toMatchObject([
      { level: 'warn', message: 'slow_query', fields: { request_id: 'call-7', status: 'QUERY_TIMEOUT' } },
    ]);
  });
});
