import { isCardNumber, maskShapes } from './secret-shapes.ts';

/**
 * Makes anything safe to log: a copy without secrets, cycles, getters' surprises or endless length.
 * Secrets are found by the name they stand under, at any depth, and in text by their usual shapes.
 */
const MAX_DEPTH = 8;
const MAX_ITEMS = 100;
const MAX_TEXT = 4096;
/** Below this the four shown characters would be too much of the secret. */
const SHORTEST_PARTLY_SHOWN = 12;

const SECRET_WORDS = new Set([
  ...['password', 'passwords', 'passwd', 'pwd', 'passphrase', 'secret', 'secrets', 'authorization'],
  ...['cookie', 'cookies', 'credential', 'credentials', 'pgpassword'],
]);
/** Secret only where they end a name: `api_key` and `access_token`, not `key_count` and `token_usage`. */
const SECRET_LAST_WORDS = new Set([
  ...['key', 'keys', 'token', 'tokens', 'apikey', 'sig', 'sas'],
  ...['pass', 'pgpass', 'pw', 'pin', 'otp', 'jwt'],
]);
/** Secret wherever a name has them: AZURE_STORAGE_CONNECTION_STRING, ConnectionStrings__Default, SENTRY_DSN. */
const SECRET_PHRASE = /(?:^|_)(?:connection_?strings?|database_url|dsn|shared_access_signature)(?:_|$)/;
/** Every name that is secret has one of these: most are none after one look. */
const SECRET_HINT =
  /pass|pwd|secret|auth|cookie|cred|key|token|connection|database|dsn|sig|sas|(?:pw|pin|otp|jwt)$/i;

/** A copy of the value that may be logged. */
export function redact(value: unknown): unknown {
  return copy(value, 0, new Set());
}

/** `ab***yz` for long secrets, `***` for all others. */
export function mask(value: unknown): string {
  if (typeof value !== 'string' || value.length < SHORTEST_PARTLY_SHOWN) return '***';
  return `${value.slice(0, 2)}***${value.slice(-2)}`;
}

/** Masks what looks like a secret in free text (src/telemetry/secret-shapes.ts), and bounds its length. */
export function redactText(text: string): string {
  // What lies beyond the end that is kept may be the rest of a secret: looked at too, and a word that is cut is left out.
  const seen = text.length > MAX_TEXT ? text.slice(0, 2 * MAX_TEXT) : text;
  const masked = maskShapes(seen);
  if (text.length <= MAX_TEXT) return masked;
  const whole = seen.length < text.length ? masked.replace(/(?<!\S)\S{1,8192}$/, '') : masked;
  return `${whole.slice(0, MAX_TEXT)}… (${text.length} characters)`;
}

/** Whether a value under this name is a secret. */
export function isSecretName(name: string): boolean {
  if (!SECRET_HINT.test(name)) return false;
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
  const last = words.at(-1);
  if (last === undefined) return false;
  return (
    SECRET_LAST_WORDS.has(last) ||
    words.some((word) => SECRET_WORDS.has(word)) ||
    SECRET_PHRASE.test(words.join('_'))
  );
}

function copy(value: unknown, depth: number, ancestors: Set<object>): unknown {
  switch (typeof value) {
    case 'string':
      return redactText(value);
    case 'number':
      return isCardNumber(String(value)) ? '***' : value;
    case 'bigint':
      return redactText(value.toString());
    case 'function':
    case 'symbol':
      return `[${typeof value}]`;
    case 'object':
      return value === null ? null : copyObject(value, depth, ancestors);
    default:
      return value;
  }
}

function copyObject(value: object, depth: number, ancestors: Set<object>): unknown {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  if (value instanceof URL) return redactText(value.href);
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (ancestors.has(value)) return '[circular]';
  if (depth >= MAX_DEPTH) return '[deep]';
  ancestors.add(value);
  try {
    if (value instanceof Error) return copyEntries(errorEntries(value), depth, ancestors);
    if (value instanceof Map)
      return copyEntries(
        [...value].map(([key, item]) => [String(key), item]),
        depth,
        ancestors,
      );
    if (Array.isArray(value) || value instanceof Set) return copyList([...value], depth, ancestors);
    return copyEntries(ownEntries(value), depth, ancestors);
  } finally {
    ancestors.delete(value);
  }
}

function copyList(items: readonly unknown[], depth: number, ancestors: Set<object>): unknown[] {
  if (isSecretHeader(items)) return [items[0], mask(items[1])];
  const copies = items.slice(0, MAX_ITEMS).map((item) => copy(item, depth + 1, ancestors));
  return items.length > MAX_ITEMS ? [...copies, `… (${items.length} items)`] : copies;
}

/** `['authorization', '…']`, as libraries list headers: two other words are no name and value. */
function isSecretHeader([name, value, ...more]: readonly unknown[]): boolean {
  if (more.length > 0 || typeof name !== 'string' || typeof value !== 'string') return false;
  return /^authorization$|cookie$|-/i.test(name) && isSecretName(name);
}

function copyEntries(
  entries: readonly (readonly [string, unknown])[],
  depth: number,
  ancestors: Set<object>,
): unknown {
  const pairs = entries.slice(0, MAX_ITEMS).map(([key, item]): [string, unknown] => {
    const secret = item !== null && item !== undefined && isSecretName(key);
    return [safeName(key), secret ? mask(item) : copy(item, depth + 1, ancestors)];
  });
  return Object.fromEntries(pairs);
}

/** A name may be a value too, as in a map by token. */
function safeName(name: string): string {
  return name.length < SHORTEST_PARTLY_SHOWN ? name : redactText(name);
}

function ownEntries(value: object): [string, unknown][] {
  return Object.keys(value).map((key) => {
    try {
      return [key, Reflect.get(value, key)];
    } catch {
      return [key, '[unreadable]'];
    }
  });
}

/**
 * What is said of an error. PostgreSQL's texts quote values of queries and rows (`invalid input syntax for type
 * integer: "…"`, `Key (email)=(…)`), so of those only the code and the names of things are kept.
 */
function errorEntries(error: Error): [string, unknown][] {
  const fields = new Map<string, unknown>(ownEntries(error));
  const postgres = typeof fields.get('code') === 'string' && typeof fields.get('severity') === 'string';
  // Not enumerable, unlike what libraries add to their errors.
  fields.set('message', error.message);
  if (error instanceof AggregateError) fields.set('errors', error.errors);
  const kept = postgres
    ? ['code', 'severity', 'routine', 'schema', 'table', 'column', 'constraint']
    : ['message', 'code', 'data', 'errors'];
  const entries = kept
    .filter((name) => fields.get(name) !== undefined)
    .map((name) => [name, fields.get(name)] as const);
  const cause = error.cause === undefined ? [] : [['cause', error.cause] as const];
  return [['type', error.name], ...entries, ['stack', stackFrames(error)], ...cause].map(([name, value]) => [
    String(name),
    value,
  ]);
}

/** The frames only: the first lines of a stack repeat the message. */
function stackFrames(error: Error): string {
  const lines = typeof error.stack === 'string' ? error.stack.split('\n') : [];
  return lines
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 12)
    .join('\n');
}
