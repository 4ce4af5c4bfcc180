import { z } from 'zod';
import { isLoopback } from '../../kernel/loopback.ts';
import {
  type Check,
  fail,
  listed,
  ok,
  rowsCheck,
  type Settings,
  settingsCheck,
  skipped,
  warn,
} from '../check.ts';

const group = 'secrets';

/** What is tried first, by people and by worms. */
const WELL_KNOWN = new Set(
  `postgres postgresql password passw0rd secret admin administrator root aisle retail changeme change-me example test
  demo docker letmein welcome qwerty master owner`
    .trim()
    .split(/\s+/),
);
const MIN_LENGTH = 16;
/** 8 different characters in 16 are 3 bits each at the least: 48 bits, out of reach for guessing over a network. */
const MIN_DISTINCT = 8;

/** What is weak about a password, in words that do not tell it; undefined when nothing is. */
export function weakness(password: string, user: string): string | undefined {
  const plain = password.toLowerCase().replace(/[\d\W_]+$/, '');
  if (WELL_KNOWN.has(password.toLowerCase()) || WELL_KNOWN.has(plain)) return 'is one of those tried first';
  if (user !== '' && password.toLowerCase() === user.toLowerCase()) return 'is the name of the user';
  if (password.length < MIN_LENGTH) return `is shorter than ${MIN_LENGTH} characters`;
  if (new Set(password).size < MIN_DISTINCT) return `has fewer than ${MIN_DISTINCT} different characters`;
  return undefined;
}

/** What is weak about the password in a DATABASE_URL; undefined when nothing is, or there is none. */
export function weakPassword(databaseUrl: string): string | undefined {
  const { username, password } = new URL(databaseUrl);
  return password === '' ? undefined : weakness(decoded(password), decoded(username));
}

/** Whether a DATABASE_URL leads no further than this machine. */
export function staysHere(databaseUrl: string): boolean {
  const { hostname, searchParams } = new URL(databaseUrl);
  const host = searchParams.get('host') ?? decoded(hostname);
  return host === '' || host.startsWith('/') || isLoopback(host);
}

export const databasePassword = settingsCheck({
  group,
  name: 'database password',
  judge({ DATABASE_URL }: Settings) {
    if (DATABASE_URL === undefined)
      return skipped('the embedded database has none: its directory is the guard');
    if (new URL(DATABASE_URL).password === '') return ok('DATABASE_URL holds none');
    const weak = weakPassword(DATABASE_URL);
    if (weak === undefined) return ok('long and varied enough');
    return (staysHere(DATABASE_URL) ? warn : fail)(
      `the password in DATABASE_URL ${weak}`,
      'Make another, e.g. by "openssl rand -hex 24": ALTER ROLE … PASSWORD …, then DATABASE_URL.',
    );
  },
});

/** As PostgreSQL gets it; a lone % stands for itself. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

const OLD_DAYS = 90;
const MANY = 3;

/** The key itself never leaves the database: only its sizes, its age, and whether it is one of zeros. */
export const contextKey = rowsCheck({
  group,
  name: 'context key',
  needs: 'migrated',
  query: `SELECT key_id AS id, length(inner_pad) = 64 AND length(outer_pad) = 64 AS "isWhole",
      inner_pad = decode(repeat('36', 64), 'hex') OR outer_pad = decode(repeat('5c', 64), 'hex') AS "isEmpty",
      floor(extract(epoch FROM clock_timestamp() - created_at) / 86400)::integer AS days
    FROM access.context_keys WHERE retires_at IS NULL OR retires_at > clock_timestamp()
    ORDER BY retires_at IS NOT NULL, created_at DESC, key_id`,
  row: z.object({ id: z.string(), isWhole: z.boolean(), isEmpty: z.boolean(), days: z.int() }),
  judge(keys) {
    const [newest] = keys;
    if (newest === undefined) return fail('there is none', 'Run "aisle migrate": it makes one.');
    const broken = keys.filter(({ isWhole, isEmpty }) => !isWhole || isEmpty);
    if (broken.length > 0) {
      return fail(
        `not the two blocks of 64 bytes of an HMAC key: ${listed(broken.map(({ id }) => id))}`,
        'Run "aisle keys rotate --now": it makes a new one and takes the others away.',
      );
    }
    if (keys.length > MANY) {
      return warn(
        `${keys.length} keys, and contexts signed with any of them count`,
        '"aisle keys signing" has them, "aisle keys rotate" ends their time.',
      );
    }
    if (newest.days > OLD_DAYS) {
      return warn(
        `${newest.days} days old`,
        `Run "aisle keys rotate" every ${OLD_DAYS} days, and when somebody leaves who could read it.`,
      );
    }
    return ok(`64 bytes, ${newest.days} days old`);
  },
});

/** Plain text from before fields were encrypted leaves the constraint that keeps it out unproven. */
export const sensitiveFields = rowsCheck({
  group,
  name: 'sensitive fields',
  needs: 'migrated',
  query: `SELECT r.relname || '.' || c.conname AS name, c.convalidated AS "isProven"
    FROM pg_constraint c JOIN pg_class r ON r.oid = c.conrelid
    WHERE c.contype = 'c' AND c.conname LIKE '%\\_encrypted' AND r.relnamespace = 'retail'::regnamespace ORDER BY 1`,
  row: z.object({ name: z.string(), isProven: z.boolean() }),
  judge(constraints) {
    if (constraints.length === 0)
      return fail('nothing keeps plain text out of them', 'Run "aisle migrate", and see why it did not.');
    const open = constraints.filter(({ isProven }) => !isProven);
    return open.length === 0
      ? ok('encrypted')
      : warn(
          `some may be in plain text from before: ${listed(open.map(({ name }) => name))}`,
          'Run "aisle secrets rotate"; servers may go on serving.',
        );
  },
});

export const SECRETS: readonly Check[] = [databasePassword, contextKey, sensitiveFields];
