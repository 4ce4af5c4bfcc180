import { ValidationError } from '../kernel/errors.ts';
import type { SecretKeys } from '../kernel/secret-keys.ts';
import type { LoadValue } from './database.ts';
import { encryptField, SENSITIVE_FIELDS, type SensitiveField } from './sensitive-fields.ts';

type Row = readonly LoadValue[];
type LoadRows = Iterable<Row> | AsyncIterable<Row>;

/** A sensitive field of rows that are being loaded: where its value and the key of its row stand. */
interface Place {
  readonly field: SensitiveField;
  readonly value: number;
  readonly key: readonly number[];
}

/** The rows with what is sensitive in them encrypted, on their way; rows of other tables as they are. */
export function encryptedRows(
  keys: SecretKeys,
  table: string,
  columns: readonly string[],
  rows: LoadRows,
): LoadRows {
  const places = placesOf(table, columns);
  return places.length === 0 ? rows : encrypted(keys, places, rows);
}

async function* encrypted(keys: SecretKeys, places: readonly Place[], rows: LoadRows): AsyncGenerator<Row> {
  for await (const row of rows) {
    const copy = [...row];
    for (const { field, value, key } of places) {
      const text = row[value] ?? null;
      if (text !== null)
        copy[value] = encryptField(
          keys,
          field,
          key.map((index) => String(row[index])),
          String(text),
        );
    }
    yield copy;
  }
}

function placesOf(table: string, columns: readonly string[]): readonly Place[] {
  return SENSITIVE_FIELDS.filter((field) => field.table === table && columns.includes(field.column)).map(
    (field) => {
      const key = field.rowKey.map((name) => columns.indexOf(name));
      if (key.includes(-1)) {
        throw new ValidationError(
          `${table}.${field.column} is encrypted for its row: load it together with ${field.rowKey.join(', ')}.`,
        );
      }
      return { field, value: columns.indexOf(field.column), key };
    },
  );
}
