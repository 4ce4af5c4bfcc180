/** The ways in which a client cancels a call of the real server, and what PostgreSQL is busy with meanwhile. */
import { Client as McpClient } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import pg from 'pg';
import { connectClient, MAIN } from './server-process.ts';

/** The guard lets it pass, and it needs neither rows nor temporary space. */
const ENDLESS =
  'SELECT count(*) FROM generate_series(1, 100000) a, generate_series(1, 100000) b, generate_series(1, 100000) c';

export interface Route {
  readonly name: string;
  connect(place: CancelPlace): Promise<McpClient>;
}

export interface CancelPlace {
  readonly serverUrl: string;
  readonly databaseUrl: string;
  readonly subject: string;
}

export const ROUTES: readonly Route[] = [
  {
    name: 'HTTP of 2026-07-28: the client closes the response',
    connect: ({ serverUrl, subject }) => connectClient(serverUrl, subject, '2026-07-28'),
  },
  {
    name: 'HTTP of 2025-11-25: notifications/cancelled',
    connect: ({ serverUrl, subject }) => connectClient(serverUrl, subject, '2025-11-25'),
  },
  {
    name: 'stdio: notifications/cancelled',
    connect: async ({ databaseUrl, subject }) => {
      const client = new McpClient({ name: 'aisle-test', version: '1.0.0' });
      const args = [MAIN, 'serve', '--stdio', '--as', subject, '--database-url', databaseUrl];
      await client.connect(
        new StdioClientTransport({
          ...{ command: process.execPath, args, stderr: 'ignore' },
          env: { PATH: process.env.PATH ?? '', LOG_LEVEL: 'silent' },
        }),
      );
      return client;
    },
  },
];

/** Begins an endless query; `cancel` cancels it, and resolves when the client has turned its back on it. */
export function beginEndless(client: McpClient): { cancel(): Promise<void> } {
  const abort = new AbortController();
  const call = client
    .callTool(
      { name: 'execute_sales_query', arguments: { postgresql_query: ENDLESS } },
      { signal: abort.signal },
    )
    .then(
      () => 'answered',
      () => 'cancelled',
    );
  return {
    cancel: async () => {
      abort.abort();
      await call;
    },
  };
}

/** Watches the backends of one database from a connection of its own. */
export async function watchBackends(databaseUrl: string) {
  const watcher = new pg.Client({ connectionString: databaseUrl });
  await watcher.connect();
  return {
    /** How many are busy with the endless query. */
    busy: async (): Promise<number> => {
      const { rows } = await watcher.query<{ busy: number }>(
        `SELECT count(*)::int AS busy FROM pg_stat_activity
         WHERE datname = current_database() AND state = 'active' AND query = $1`,
        [ENDLESS],
      );
      return rows[0]?.busy ?? 0;
    },
    close: () => watcher.end(),
  };
}
