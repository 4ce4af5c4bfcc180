import { Client } from 'pg';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { databases, type OpenedDatabase } from '../../test/harness/databases.ts';
import { TEST_LIMITS } from '../../test/harness/limits.ts';
import { createPostgresDatabase } from '../../test/harness/postgres-database.ts';
import { TEST_SECRET_KEYS } from '../../test/harness/secret-keys.ts';
import { silentLogger } from '../telemetry/logger.ts';
import { openPostgres } from './postgres.ts';

const SETTINGS = {
  pool: {
    min: 0,
    lifetimeSeconds: 3600,
    max: 2,
    idleTimeoutMs: 1000,
    acquireTimeoutMs: 10_000,
    applicationName: 'aisle-test',
  },
  limits: TEST_LIMITS,
  secretKeys: TEST_SECRET_KEYS,
  logger: silentLogger,
};

describe.each(databases)('migrations on $name', ({ open }) => {
  let opened: OpenedDatabase | undefined;
  afterEach(() => opened?.close());

  it('leave every table and column of the business with a comment where its name does not say enough', async () => {
    opened = await open();
    const tables = await opened.database.asLoader(new AbortController().signal, (session) =>
      session.query<{ name: string }>(
        `SELECT c.relname AS name FROM pg_class c WHERE c.relnamespace = 'retail'::regnamespace AND c.relkind = 'r'
         AND obj_description(c.oid) IS NULL`,
      ),
    );
    expect(tables).toEqual([]);
  });
});

const servers = inject('postgresUrl') === '' ? [] : [inject('postgresUrl')];

describe.each(servers)('on a PostgreSQL server', (serverUrl) => {
  it('three servers that start at once on an empty database all come up, and migrate it once', async () => {
    const { url, drop } = await createPostgresDatabase(serverUrl);
    const servers = await Promise.all([1, 2, 3].map(() => openPostgres({ url, ...SETTINGS })));
    await Promise.all(servers.map((server) => server.ping()));
    await Promise.all(servers.map((server) => server.close()));
    await drop();
  });

  it('a database that is newer than the code is refused by name', async () => {
    const { url, drop } = await createPostgresDatabase(serverUrl);
    const first = await openPostgres({ url, ...SETTINGS });
    await first.close();

    const client = new Client({ connectionString: url });
    await client.connect();
    await client.query(`INSERT INTO aisle.migrations (name, run_on) VALUES ('9999_from_the_future', now())`);
    await client.end();
    await expect(openPostgres({ url, ...SETTINGS })).rejects.toMatchObject({
      code: 'CONFIGURATION_ERROR',
      message: expect.stringContaining(
        'The database is newer than this version of Aisle: it has migration 9999_from_the_future.',
      ),
    });
    await drop();
  });

  it('a tenant table without forced row security stops the start', async () => {
    const { url, drop } = await createPostgresDatabase(serverUrl);
    const first = await openPostgres({ url, ...SETTINGS });
    await first.close();

    const client = new Client({ connectionString: url });
    await client.connect();
    await client.query('CREATE TABLE retail.orders_archive (store_id uuid, order_id uuid)');
    await client.end();
    await expect(openPostgres({ url, ...SETTINGS })).rejects.toMatchObject({
      code: 'CONFIGURATION_ERROR',
      message: expect.stringContaining('Tenant tables without forced row security: retail.orders_archive.'),
    });
    await drop();
  });

  it('a server that is not there is said to be not reachable', async () => {
    await expect(
      openPostgres({ url: 'postgres://nobody@127.0.0.1:1/none', ...SETTINGS }),
    ).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message:
        'PostgreSQL is not reachable with DATABASE_URL. Check host, port, user and password, and that the server runs.',
    });
  });
});
