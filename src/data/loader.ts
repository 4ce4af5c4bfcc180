import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ClientBase } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { SecretKeys } from '../kernel/secret-keys.ts';
import type { LoaderSession, LoadValue } from './database.ts';
import { encryptedRows } from './encrypted-rows.ts';

type LoadRows = Iterable<readonly LoadValue[]> | AsyncIterable<readonly LoadValue[]>;

const COPY_CHUNK_CHARACTERS = 64 * 1024;
const ARRAY_BATCH_ROWS = 4000;

const COPY_ESCAPES: ReadonlyMap<string, string> = new Map([
  ['\\', '\\\\'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);

/** One value in COPY's text format. */
export function copyText(value: LoadValue): string {
  if (value === null) return '\\N';
  if (typeof value !== 'string') return String(value);
  return /[\\\n\r\t]/.test(value)
    ? value.replace(/[\\\n\r\t]/g, (special) => COPY_ESCAPES.get(special) ?? special)
    : value;
}

async function* copyChunks(rows: LoadRows, count: () => void): AsyncGenerator<string> {
  let chunk = '';
  for await (const row of rows) {
    for (let index = 0; index < row.length; index += 1) {
      chunk += (index === 0 ? '' : '\t') + copyText(row[index] ?? null);
    }
    chunk += '\n';
    count();
    if (chunk.length >= COPY_CHUNK_CHARACTERS) {
      yield chunk;
      chunk = '';
    }
  }
  if (chunk !== '') yield chunk;
}

/** COPY: the fastest way in, on a server. */
async function loadByCopy(
  client: ClientBase,
  table: string,
  columns: Readonly<Record<string, string>>,
  rows: LoadRows,
): Promise<number> {
  const names = Object.keys(columns).join(', ');
  const secured = await client.query<{ active: boolean }>(
    'SELECT row_security_active($1::regclass) AS active',
    [table],
  );
  if (secured.rows[0]?.active !== true) return copyInto(client, `${table} (${names})`, rows);
  // PostgreSQL has no COPY into a table with row security: by way of a table without.
  const definition = Object.entries(columns).map(([name, type]) => `${name} ${type}`);
  await client.query(`CREATE TEMP TABLE load_stage (${definition.join(', ')}) ON COMMIT DROP`);
  const count = await copyInto(client, 'load_stage', rows);
  await client.query(
    `INSERT INTO ${table} (${names}) SELECT ${names} FROM load_stage; DROP TABLE load_stage`,
  );
  return count;
}

async function copyInto(client: ClientBase, target: string, rows: LoadRows): Promise<number> {
  let count = 0;
  const chunks = copyChunks(rows, () => {
    count += 1;
  });
  await pipeline(Readable.from(chunks), client.query(copyFrom(`COPY ${target} FROM STDIN`)));
  return count;
}

/** INSERT from arrays, one a column: the embedded database has no COPY over the wire. */
async function loadByArrays(
  client: ClientBase,
  table: string,
  columns: Readonly<Record<string, string>>,
  rows: LoadRows,
): Promise<number> {
  const names = Object.keys(columns);
  const arrays = Object.values(columns).map((type, index) => `$${index + 1}::text[]::${type}[]`);
  const insert = `INSERT INTO ${table} (${names.join(', ')}) SELECT * FROM unnest(${arrays.join(', ')})`;
  let batch: (string | null)[][] = names.map(() => []);
  let count = 0;

  async function flush(): Promise<void> {
    if (batch[0]?.length) await client.query(insert, batch);
    batch = names.map(() => []);
  }

  for await (const row of rows) {
    for (let index = 0; index < names.length; index += 1) {
      const value = row[index] ?? null;
      batch[index]?.push(value === null ? null : String(value));
    }
    count += 1;
    if (count % ARRAY_BATCH_ROWS === 0) await flush();
  }
  await flush();
  return count;
}

/** A loader's session on a client that is inside a transaction as `aisle_loader`. What is sensitive is encrypted on its way in. */
export function loaderSession(client: ClientBase, hasCopy: boolean, secretKeys: SecretKeys): LoaderSession {
  return {
    async query<Row extends object>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
      const result = await client.query<Row>(text, [...values]);
      return result.rows;
    },
    load: (table, columns, rows) => {
      const stored = encryptedRows(secretKeys, table, Object.keys(columns), rows);
      return (hasCopy ? loadByCopy : loadByArrays)(client, table, columns, stored);
    },
  };
}
