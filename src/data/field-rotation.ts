import { AisleError } from '../kernel/errors.ts';
import type { SecretKeys } from '../kernel/secret-keys.ts';
import { prefix, sealedWith } from '../secrets/envelope.ts';
import type { FieldRotation, LoaderSession } from './database.ts';
import { decryptField, encryptField, SENSITIVE_FIELDS, type SensitiveField } from './sensitive-fields.ts';

/** Runs its work in a transaction of its own, as the loader. */
type InTransaction = <Result>(work: (session: LoaderSession) => Promise<Result>) => Promise<Result>;

/** Few enough that nobody waits long for a row that is being written. */
const BATCH_ROWS = 500;

interface StoredValue {
  readonly key: readonly string[];
  readonly stored: string;
}

interface Batch {
  readonly rewritten: number;
  readonly unreadable: number;
  /** Key of the last row that was looked at; undefined when there were no more. */
  readonly last: readonly string[] | undefined;
}

/**
 * Brings every sensitive field under the key in force, plain text of before included. A transaction per batch: stopped, it
 * goes on where it was when run again. A value that somebody changes meanwhile is left as they wrote it.
 */
export async function rotateFields(
  keys: SecretKeys,
  inTransaction: InTransaction,
  onProgress: (rewritten: number) => void,
): Promise<FieldRotation> {
  let rewritten = 0;
  let unreadable = 0;
  for (const field of SENSITIVE_FIELDS) {
    let after: readonly string[] | undefined;
    do {
      const batch = await inTransaction((session) => rotateBatch(session, keys, field, after));
      rewritten += batch.rewritten;
      unreadable += batch.unreadable;
      after = batch.last;
      onProgress(rewritten);
    } while (after !== undefined);
  }
  const used = await inTransaction(keysInUse);
  return {
    rewritten,
    unreadable,
    current: keys.ids[0] ?? '',
    unused: keys.ids.filter((id) => !used.has(id)),
  };
}

async function rotateBatch(
  session: LoaderSession,
  keys: SecretKeys,
  field: SensitiveField,
  after: readonly string[] | undefined,
): Promise<Batch> {
  const values = await readBatch(session, keys, field, after);
  const changes = values.flatMap(({ key, stored }) => {
    const text = plainText(keys, field, key, stored);
    return text === undefined ? [] : [{ key, stored, sealed: encryptField(keys, field, key, text) }];
  });
  const columns = [
    ...field.rowKey.map((_, index) => changes.map(({ key }) => key[index])),
    changes.map(({ stored }) => stored),
    changes.map(({ sealed }) => sealed),
  ];
  const types = [...field.rowKey.map(() => 'uuid'), 'text', 'text'];
  const done = await session.query(
    `UPDATE ${field.table} t SET ${field.column} = v.sealed
     FROM unnest(${types.map((type, index) => `$${index + 1}::${type}[]`).join(', ')})
       AS v (${field.rowKey.join(', ')}, stored, sealed)
     WHERE ${field.rowKey.map((name) => `t.${name} = v.${name}`).join(' AND ')} AND t.${field.column} = v.stored
     RETURNING 1`,
    columns,
  );
  return {
    rewritten: done.length,
    unreadable: values.length - changes.length,
    last: values.length < BATCH_ROWS ? undefined : values.at(-1)?.key,
  };
}

/** The next values, by the order of their rows, that are not under the key in force. */
function readBatch(
  session: LoaderSession,
  keys: SecretKeys,
  { table, column, rowKey }: SensitiveField,
  after: readonly string[] | undefined,
): Promise<StoredValue[]> {
  const names = rowKey.join(', ');
  const beyond = rowKey.map((_, index) => `$${index + 2}::uuid`).join(', ');
  return session.query<StoredValue>(
    `SELECT ARRAY[${rowKey.map((name) => `${name}::text`).join(', ')}] AS key, ${column} AS stored
     FROM ${table}
     WHERE ${column} <> '' AND NOT starts_with(${column}, $1) ${after === undefined ? '' : `AND (${names}) > (${beyond})`}
     ORDER BY ${names} LIMIT ${BATCH_ROWS}`,
    [prefix(keys.ids[0] ?? ''), ...(after ?? [])],
  );
}

/** What is not sealed was written before fields were. Undefined when it is and can't be opened. */
function plainText(
  keys: SecretKeys,
  field: SensitiveField,
  key: readonly string[],
  stored: string,
): string | undefined {
  if (sealedWith(stored) === undefined) return stored;
  try {
    return decryptField(keys, field, key, stored);
  } catch (error) {
    if (error instanceof AisleError) return undefined;
    throw error;
  }
}

async function keysInUse(session: LoaderSession): Promise<ReadonlySet<string>> {
  const perField = SENSITIVE_FIELDS.map(
    ({ table, column }) =>
      `SELECT DISTINCT split_part(${column}, ':', 3) AS id FROM ${table} WHERE starts_with(${column}, 'enc:v1:')`,
  );
  const rows = await session.query<{ id: string }>(perField.join(' UNION '));
  return new Set(rows.map(({ id }) => id));
}
