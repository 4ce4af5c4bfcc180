/** A call that its client cancels stops in PostgreSQL, whichever way the client says so. How fast: `npm run bench -- cancel`. */

import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { openPostgres } from '../src/data/postgres.ts';
import { silentLogger } from '../src/telemetry/logger.ts';
import { beginEndless, type CancelPlace, ROUTES, watchBackends } from './harness/cancelling.ts';
import { TEST_LIMITS } from './harness/limits.ts';
import { type CreatedDatabase, createPostgresDatabase } from './harness/postgres-database.ts';
import { TEST_SECRET_KEYS } from './harness/secret-keys.ts';
import { type ServerProcess, startServer } from './harness/server-process.ts';
import { loadTwoStores, NORTH } from './harness/two-stores.ts';

const serverUrl = inject('postgresUrl');
const POLL = { timeout: 10_000, interval: 5 };
const LONG = { DB_STATEMENT_TIMEOUT_SECONDS: '60' };

describe.runIf(serverUrl !== '')('a call that is cancelled', () => {
  let created: CreatedDatabase;
  let server: ServerProcess;
  let place: CancelPlace;
  let watched: Awaited<ReturnType<typeof watchBackends>>;

  beforeAll(async () => {
    created = await createPostgresDatabase(serverUrl);
    const database = await openPostgres({
      url: created.url,
      pool: {
        ...{ min: 0, max: 1, lifetimeSeconds: 3600, idleTimeoutMs: 1000, acquireTimeoutMs: 20_000 },
        applicationName: 'aisle-test',
      },
      limits: TEST_LIMITS,
      secretKeys: TEST_SECRET_KEYS,
      logger: silentLogger,
    });
    await loadTwoStores(database);
    await database.close();
    server = await startServer(['--database-url', created.url], LONG);
    place = { serverUrl: server.url, databaseUrl: created.url, subject: NORTH.principal.subject };
    watched = await watchBackends(created.url);
  });
  afterAll(async () => {
    await watched.close();
    await server.stop();
    await created.drop();
  });

  it.each(ROUTES)('over $name, stops in the database, and the next call is answered', async ({ connect }) => {
    const client = await connect(place);
    const { cancel } = beginEndless(client);
    await expect.poll(watched.busy, POLL).toBe(1);
    await cancel();
    await expect.poll(watched.busy, POLL).toBe(0);
    const next = { postgresql_query: 'SELECT 1 AS one' };
    const result = await client.callTool({ name: 'execute_sales_query', arguments: next });
    expect(result.structuredContent).toMatchObject({ rows: [[1]] });
    await client.close();
  });

  it.each(ROUTES)('over $name, stops also when the client goes without a word', async ({ connect }) => {
    const client = await connect(place);
    beginEndless(client);
    await expect.poll(watched.busy, POLL).toBe(1);
    await client.close();
    await expect.poll(watched.busy, POLL).toBe(0);
  });
});
