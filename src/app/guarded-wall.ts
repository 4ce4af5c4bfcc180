import { createInterface } from 'node:readline';
import { PassThrough, type Readable } from 'node:stream';
import type { Config } from '../config.ts';
import type { Database } from '../data/database.ts';
import type { CanaryStore } from '../doctor/attacks/canaries.ts';
import { principalOf } from '../doctor/attacks/unguarded-wall.ts';
import { type Answer, type Manner, ROLLED_BACK, type Wall } from '../doctor/attacks/wall.ts';
import { silentLogger } from '../telemetry/logger.ts';
import { createStdioTransport } from '../transport/stdio.ts';
import { createEngine } from './engine.ts';
import { VERSION } from './version.ts';

/** One client's side of a connection: text in, the bytes of the reply out. */
interface Connection {
  call(sql: string): Promise<Answer>;
  close(): Promise<void>;
}

const CLIENT = {
  protocolVersion: '2025-11-25',
  capabilities: {},
  clientInfo: { name: 'aisle-doctor', version: VERSION },
};
const MAX_ROWS = 1000;

/** The whole server, guard and all, reached over the protocol: what comes back is what a client would get, byte by byte. */
export async function guardedWall(
  config: Config,
  database: Database,
  stores: { readonly own: CanaryStore; readonly other: CanaryStore },
): Promise<Wall & { close(): Promise<void> }> {
  let manner = ROLLED_BACK;
  const engine = await createEngine(
    config,
    withManner(database, () => manner),
    silentLogger,
    undefined,
  );
  const serving = { ...engine, version: VERSION, logger: silentLogger };
  const connections = {
    own: await connect(serving, stores.own),
    other: await connect(serving, stores.other),
  };
  return {
    name: 'guard on',
    async send(who, statements, as = ROLLED_BACK) {
      manner = as;
      const answers: Answer[] = [];
      for (const sql of statements) {
        const answer = await connections[who].call(sql);
        answers.push(answer);
        if (answer.failure !== undefined) break;
      }
      return answers;
    },
    close: async () => {
      await Promise.all(Object.values(connections).map((connection) => connection.close()));
    },
  };
}

/** The same door, with each query run in the manner of the moment. */
function withManner(database: Database, manner: () => Manner): Database {
  return {
    ...database,
    withTenant: (context, work) =>
      database.withTenant(context, (tenant) =>
        work({ query: (query) => tenant.query({ ...query, ...manner() }) }),
      ),
  };
}

async function connect(
  serving: Parameters<typeof createStdioTransport>[0]['serving'],
  store: CanaryStore,
): Promise<Connection> {
  const stdin = new PassThrough();
  const stdout = new PassThrough();
  const server = createStdioTransport({ serving, principal: principalOf(store), stdin, stdout });
  const replies = repliesOf(stdout);
  let id = 0;
  const say = (message: object) => stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  const ask = (method: string, params: object) => {
    id += 1;
    const reply = replies.next(id);
    say({ id, method, params });
    return reply;
  };
  await ask('initialize', CLIENT);
  say({ method: 'notifications/initialized' });
  return {
    call: async (sql) =>
      answerOf(
        await ask('tools/call', {
          name: 'execute_sales_query',
          arguments: { postgresql_query: sql, max_rows: MAX_ROWS },
        }),
      ),
    close: () => server.close(),
  };
}

/** Lines of the server by the id that they answer. */
function repliesOf(stdout: Readable): { next(id: number): Promise<string> } {
  const waiting = new Map<number, (line: string) => void>();
  createInterface({ input: stdout }).on('line', (line) => {
    const { id } = JSON.parse(line) as { id?: number };
    if (id !== undefined) waiting.get(id)?.(line);
  });
  return { next: (id) => new Promise((resolve) => waiting.set(id, resolve)) };
}

interface Reply {
  readonly error?: { readonly data?: { readonly code?: string } };
  readonly result?: {
    readonly isError?: boolean;
    readonly content: readonly { readonly text: string }[];
    readonly structuredContent?: { readonly rows: readonly (readonly unknown[])[] };
  };
}

function answerOf(bytes: string): Answer {
  const { result, error } = JSON.parse(bytes) as Reply;
  if (result?.isError === true) {
    const { code, data } = JSON.parse(result.content[0]?.text ?? '{}') as {
      code: string;
      data?: { sqlstate?: string };
    };
    return { bytes, rows: [], failure: { code, ...(data?.sqlstate && { sqlstate: data.sqlstate }) } };
  }
  if (error !== undefined)
    return { bytes, rows: [], failure: { code: error.data?.code ?? 'INTERNAL_ERROR' } };
  return { bytes, rows: result?.structuredContent?.rows ?? [] };
}
