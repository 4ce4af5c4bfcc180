import { ValidationError } from '../kernel/errors.ts';
import type { SecretKeys } from '../kernel/secret-keys.ts';
import { seal, unseal } from '../secrets/envelope.ts';

/** A column whose values are stored encrypted, each bound to its row. */
export interface SensitiveField {
  readonly table: string;
  readonly column: string;
  /** Columns that tell the row; all of them UUIDs. */
  readonly rowKey: readonly string[];
  /** Characters of the plain text at most: the database sees only what becomes of it. */
  readonly maxCharacters: number;
}

/** All there are. A new one needs a migration as well, whose CHECK keeps plain text out (migrations/0013_sensitive_fields.sql). */
export const SENSITIVE_FIELDS: readonly SensitiveField[] = [
  {
    table: 'retail.support_tickets',
    column: 'body',
    rowKey: ['store_id', 'ticket_id'],
    maxCharacters: 10_000,
  },
  { table: 'retail.payments', column: 'reference', rowKey: ['store_id', 'payment_id'], maxCharacters: 200 },
];

const PURPOSE = 'sensitive fields';

/** The value as it is stored. `rowKey`: values of the field's `rowKey`, in that order. Throws `ValidationError`. */
export function encryptField(
  keys: SecretKeys,
  field: SensitiveField,
  rowKey: readonly string[],
  text: string,
): string {
  if (text.length > field.maxCharacters) {
    throw new ValidationError(
      `${field.table}.${field.column} takes ${field.maxCharacters} characters at most, not ${text.length}.`,
    );
  }
  return text === '' ? '' : seal(keys, PURPOSE, identity(field, rowKey), text);
}

/**
 * The value in plain text, for callers who may read customers' data. Throws `ConfigurationError` when its key is gone,
 * `InternalError` when it was changed or stands in another row than it was written for.
 */
export function decryptField(
  keys: SecretKeys,
  field: SensitiveField,
  rowKey: readonly string[],
  stored: string,
): string {
  return stored === '' ? '' : unseal(keys, PURPOSE, identity(field, rowKey), stored);
}

function identity(field: SensitiveField, rowKey: readonly string[]): readonly string[] {
  return [field.table, field.column, ...rowKey.map((value) => value.toLowerCase())];
}
