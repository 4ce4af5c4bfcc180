/**
 * Who watches a resource hears when what they would read changes, whoever changed it. Threats: somebody who learns from a
 * notification that another store is busy, or that what they may not read is there; one caller that takes all the room.
 */
import { PassThrough } from 'node:stream';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { Disposal } from '../src/app/disposal.ts';
import { createEngine } from '../src/app/engine.ts';
import { openResourceWatches } from '../src/app/resource-watches.ts';
import { createDevelopmentAuthenticator } from '../src/auth/development.ts';
import { loadConfig } from '../src/config.ts';
import type { Serving } from '../src/protocol/serving.ts';
import { silentLogger } from '../src/telemetry/logger.ts';
import { createStdioTransport } from '../src/transport/stdio.ts';
import { databases, type OpenedDatabase } from './harness/databases.ts';
import { type Served, serve } from './harness/served.ts';
import { HEAD_OFFICE, loadTwoStores, NORTH, SOUTH } from './harness/two-stores.ts';
import { until } from './harness/until.ts';

const MODES = { '2026-07-28': { pin: '2026-07-28' }, '2025-11-25': 'legacy' } as const;
type Era = keyof typeof MODES;
const ROUTES = (['http', 'stdio'] as const).flatMap((over) =>
  (Object.keys(MODES) as Era[]).map((era) => ({ name: `over ${over} of ${era}`, over, era })),
);
/** Short: nothing here depends on how much falls into it. */
const SETTLE_MS = 50;
const STORES = 'retail://stores';
const ORDERS = 'database://schema/orders';
const PAYMENTS = 'database://schema/payments';

interface Subscriber {
  /** URIs of the notifications so far. */
  readonly told: readonly string[];
  /** Returns how to stop watching. */
  watch(...uris: string[]): Promise<() => Promise<unknown>>;
  close(): Promise<void>;
}

/** The two ends of two pipes: the SDK's transport of servers reads and writes lines, as one of clients would. */
function pipes() {
  const [there, back] = [new PassThrough(), new PassThrough()];
  return { stdin: there, stdout: back, ofClient: new StdioServerTransport(back, there) };
}

describe.each(databases)('on $name', ({ name: kind, open }) => {
  let opened: OpenedDatabase;
  let server: pg.Client | undefined;
  const subscribers: Subscriber[] = [];
  let place: Place;
  afterEach(() => place.close());

  beforeAll(async () => {
    opened = await open();
    await loadTwoStores(opened.database);
    if (kind === 'embedded') return;
    const [row] = await opened.database.asLoader(new AbortController().signal, (session) =>
      session.query<{ name: string }>('SELECT current_database() AS name'),
    );
    const url = new URL(inject('postgresUrl'));
    url.pathname = `/${row?.name}`;
    server = new pg.Client({ connectionString: url.href });
    await server.connect();
  });
  afterAll(async () => {
    await server?.end();
    await opened.close();
  });

  /** What somebody else writes: on a server as psql would, with nothing of Aisle's in between. */
  async function write(sql: string): Promise<void> {
    if (server !== undefined) await server.query(sql);
    else await opened.database.asLoader(new AbortController().signal, (session) => session.query(sql));
  }

  async function serving(max: number): Promise<Serving & { close(): Promise<void> }> {
    const { database } = opened;
    const config = await loadConfig({}, { MAX_SUBSCRIPTIONS: String(max) }, '');
    const { modules, pipeline, parser } = await createEngine(config, database, silentLogger, undefined);
    const own = new Disposal(silentLogger);
    const watches = await openResourceWatches(config, database, silentLogger, parser, own, SETTLE_MS);
    await until(() => database.changes.isCurrent());
    const parts = { modules, pipeline, watches, version: '0', logger: silentLogger };
    return { ...parts, close: () => own.dispose() };
  }

  interface Place {
    /** Over HTTP, the client's GETs wait for the `door`. */
    connect(subject: string, door?: Promise<void>): Promise<Subscriber>;
    /** How often anything has been read for a subject. */
    reads(subject: string): number;
    close(): Promise<void>;
  }

  /** A server, reached in one way. */
  async function start(
    { over, era }: Pick<(typeof ROUTES)[number], 'over' | 'era'>,
    max = 100,
  ): Promise<Place> {
    const made = await serving(max);
    const readers: string[] = [];
    const modules = made.modules.map((module) => ({
      ...module,
      resources: module.resources?.map((resource) => ({
        ...resource,
        read(...[variables, context]: Parameters<typeof resource.read>) {
          readers.push(context.principal.subject);
          return resource.read(variables, context);
        },
      })),
    }));
    const { findSubject } = opened.database;
    const authenticator = createDevelopmentAuthenticator({ findSubject });
    let http: Served | undefined;
    if (over === 'http') {
      const sessions = { max: 100, idleMs: 60_000 };
      http = await serve({}, {}, { authenticator, sessions }, { ...made, modules });
    }
    /** How to reach it, and to leave it for good. */
    const reach = async (subject: string, door?: Promise<void>) => {
      const headers = { 'x-rls-user-id': subject };
      if (http !== undefined) {
        const transport = new StreamableHTTPClientTransport(new URL(http.url), {
          requestInit: { headers },
          async fetch(url, init) {
            if (init?.method === 'GET') await door;
            return fetch(url, init);
          },
        });
        return { transport, leave: () => transport.terminateSession() };
      }
      const { ofClient: transport, ...streams } = pipes();
      const principal = await authenticator.authenticate(headers);
      const { closed } = createStdioTransport({ serving: made, principal, ...streams });
      const leave = () => {
        streams.stdin.end();
        return closed;
      };
      return { transport, leave };
    };
    return {
      reads: (subject) => readers.filter((reader) => reader === subject).length,
      async connect(subject, door) {
        const told: string[] = [];
        const client = new Client(
          { name: 'test', version: '0' },
          { versionNegotiation: { mode: MODES[era] } },
        );
        client.setNotificationHandler('notifications/resources/updated', ({ params }) => {
          told.push(params.uri);
        });
        const { transport, leave } = await reach(subject, door);
        await client.connect(transport);
        const subscriber: Subscriber = {
          told,
          async watch(...uris) {
            if (era === '2026-07-28') {
              const { close } = await client.listen({ resourceSubscriptions: uris });
              return close;
            }
            for (const uri of uris) await client.subscribeResource({ uri });
            return async () => {
              for (const uri of uris) await client.unsubscribeResource({ uri });
            };
          },
          async close() {
            await leave();
            await client.close();
          },
        };
        subscribers.push(subscriber);
        return subscriber;
      },
      async close() {
        for (const subscriber of subscribers.splice(0)) await subscriber.close();
        await http?.transport.close();
        await made.close();
      },
    };
  }

  let renamed = 0;
  const rename = (slug: string) => {
    renamed += 1;
    return write(`UPDATE retail.stores SET name = 'Store ${renamed}' WHERE slug = '${slug}'`);
  };

  const pay = (status: string) =>
    write(`UPDATE retail.payments SET status = '${status}' WHERE store_id = '${NORTH.storeId}'`);

  test('for who has no stream nothing is read, and what changed is told once it is open', async () => {
    place = await start({ over: 'http', era: '2025-11-25' });
    const { promise: door, resolve: openDoor } = Promise.withResolvers<void>();
    const north = await place.connect(NORTH.principal.subject, door);
    await north.watch(PAYMENTS);
    const hearing = await place.connect(HEAD_OFFICE.subject);
    await hearing.watch(PAYMENTS);
    for (const [index, status] of ['refunded', 'failed', 'pending', 'failed'].entries()) {
      await pay(status);
      await until(() => hearing.told.length > index);
    }
    expect([north.told, place.reads(NORTH.principal.subject)]).toEqual([[], 1]);
    openDoor();
    await until(() => north.told.length > 0);
    await pay('captured');
    await until(() => north.told.length > 1);
    expect([north.told, place.reads(NORTH.principal.subject)]).toEqual([[PAYMENTS, PAYMENTS], 3]);
  });

  describe.each(ROUTES)('$name', (route) => {
    test('who watches hears of what somebody else changed, and not where it makes no difference', async () => {
      place = await start(route);
      const north = await place.connect(NORTH.principal.subject);
      await north.watch(STORES, ORDERS);
      await rename('north');
      await until(() => north.told.length > 0);
      await write(`UPDATE retail.orders SET status = 'cancelled' WHERE store_id = '${NORTH.storeId}'`);
      await until(() => north.told.length > 1);
      await write(`UPDATE retail.orders SET status = 'completed' WHERE store_id = '${NORTH.storeId}'`);
      await until(() => north.told.length > 2);
      expect(north.told).toEqual([STORES, ORDERS, ORDERS]);
    });

    test('an UPDATE that changes nothing is not told', async () => {
      place = await start(route);
      const north = await place.connect(NORTH.principal.subject);
      await north.watch(ORDERS, PAYMENTS);
      await write(`UPDATE retail.orders SET status = status WHERE store_id = '${NORTH.storeId}'`);
      await pay('refunded');
      await until(() => north.told.length > 0);
      // What the first look found has been told by the time that a second one has found something.
      await pay('captured');
      await until(() => north.told.length > 1);
      expect(north.told).toEqual([PAYMENTS, PAYMENTS]);
    });

    test('nobody hears of another store, also where a change tells of no store', async () => {
      place = await start(route);
      const north = await place.connect(NORTH.principal.subject);
      const south = await place.connect(SOUTH.principal.subject);
      await north.watch(STORES, ORDERS);
      await south.watch(STORES);
      await rename('south');
      await write(`UPDATE retail.orders SET status = 'pending' WHERE store_id = '${SOUTH.storeId}'`);
      await write(`UPDATE retail.orders SET status = 'completed' WHERE store_id = '${SOUTH.storeId}'`);
      // So many that their ids are not told.
      await write(`INSERT INTO retail.stores (slug, name, location)
        SELECT 's${renamed}-' || n, 'Shop', 'Here' FROM generate_series(1, 17) n`);
      await until(() => south.told.length > 0);
      await rename('north');
      await until(() => north.told.length > 0);
      expect([north.told, south.told]).toEqual([[STORES], [STORES]]);
    });

    test('who may see more stores than before hears of it', async () => {
      place = await start(route);
      const north = await place.connect(NORTH.principal.subject);
      await north.watch(STORES);
      await opened.database.access.grant('north', [{ kind: 'store', slug: 'south' }]);
      await until(() => north.told.length > 0);
      await opened.database.access.revoke('north', [{ kind: 'store', slug: 'south' }]);
      await until(() => north.told.length > 1);
    });

    test('what is not there, and what may not be read, is not watched', async () => {
      place = await start(route);
      const north = await place.connect(NORTH.principal.subject);
      await expect(north.watch('retail://nothing')).rejects.toThrow('There is no such resource.');
      await expect(north.watch('database://schema/nothing')).rejects.toThrow(/nothing/);
      const { access } = opened.database;
      await access.revoke('south', [{ kind: 'role', role: 'store_manager' }]);
      try {
        const south = await place.connect(SOUTH.principal.subject);
        await expect(south.watch(ORDERS)).rejects.toThrow(
          'Insufficient permissions. Required: read:analytics',
        );
      } finally {
        await access.grant('south', [{ kind: 'role', role: 'store_manager' }]);
      }
    });

    test('one caller has a tenth of all subscriptions, until it stops or goes away', async () => {
      place = await start(route, 10);
      const north = await place.connect(NORTH.principal.subject);
      const stop = await north.watch(STORES);
      await expect(north.watch(ORDERS)).rejects.toThrow(
        'You watch 1 resources already, and one caller may not watch more. Unsubscribe from one first.',
      );
      await stop();
      await expect.poll(() => north.watch(ORDERS).then(() => true, String)).toBe(true);
      await north.close();
      const again = await place.connect(NORTH.principal.subject);
      await expect.poll(() => again.watch(STORES).then(() => true, String)).toBe(true);
    });
  });
});
