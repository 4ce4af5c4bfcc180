import { text } from 'node:stream/consumers';
import { Command, InvalidArgumentError, Option } from 'commander';
import { type ApiKeyState, PERMISSIONS, type Permission, withCredentials } from '../app/credentials.ts';
import { ValidationError } from '../kernel/errors.ts';
import { durationMs } from './duration.ts';
import { configFor, type DataOptions, withDataOptions } from './options.ts';
import { alignedTable, type Terminal } from './terminal.ts';

/** The commands under `aisle keys` that are about machines and tokens. */
export function apiKeyCommands(terminal: Terminal): readonly Command[] {
  return [
    createCommand(terminal),
    listCommand(terminal),
    revokeCommand(terminal),
    revokeTokenCommand(terminal),
  ];
}

interface CreateOptions extends DataOptions {
  readonly subject: string;
  readonly scopes?: readonly Permission[];
  readonly store?: string;
  readonly expires: number | null;
}

const DAY_MS = 86_400_000;

function createCommand({ out, err }: Terminal): Command {
  const command = new Command('create')
    .description('make an API key for a machine; it is shown this once')
    .argument('<name>', 'what it is for, e.g. nightly-report')
    .requiredOption('--subject <subject>', 'who it speaks for: slug or id')
    .option('--scopes <scopes>', 'permissions that it is confined to, comma-separated', scopesFrom)
    .option(
      '--store <store>',
      'the one store that it is confined to; for several, make it a subject of its own',
    )
    .addOption(expiresOption('as 12h or 90d, or never', expiryFrom, 90));
  return withDataOptions(command).action(async (name: string, options: CreateOptions) => {
    const { subject, scopes = null, store = null, expires } = options;
    const expiresAt = expires === null ? null : new Date(Date.now() + expires);
    const config = await configFor(options);
    const key = await withCredentials(config, (credentials) =>
      credentials.createKey({ name, subject, scopes, store, expiresAt }),
    );
    out(key);
    err(
      'Keep it where secrets are kept: it is not shown again. Send it in Authorization: Bearer, or in X-API-Key.',
    );
    if (!config.API_KEYS) err('Servers take it over HTTP with API_KEYS=on, which is not set here.');
  });
}

function expiresOption(
  description: string,
  parse: (text: string) => number | null,
  fallbackDays: number,
): Option {
  return new Option('--expires <time>', description)
    .argParser(parse)
    .default(fallbackDays * DAY_MS, `${fallbackDays}d`);
}

function scopesFrom(text: string): readonly Permission[] {
  const unknown = text.split(',').find((name) => !PERMISSIONS.some((known) => known === name));
  if (unknown !== undefined)
    throw new InvalidArgumentError(
      `There is no permission "${unknown}". There are: ${PERMISSIONS.join(', ')}.`,
    );
  return PERMISSIONS.filter((known) => text.split(',').includes(known));
}

function expiryFrom(text: string): number | null {
  return text === 'never' ? null : durationMs(text);
}

function listCommand({ out }: Terminal): Command {
  const command = new Command('list')
    .description('the API keys there are, newest first; no secrets')
    .option('--json', 'as JSON');
  return withDataOptions(command).action(async (options: DataOptions & { json?: true }) => {
    const keys = await withCredentials(await configFor(options), (credentials) => credentials.listKeys());
    if (options.json === true) out(JSON.stringify(keys, null, 2));
    else out(alignedTable(['prefix', 'name', 'subject', 'may', 'store', 'used', 'state'], keys.map(row)));
  });
}

function row({ prefix, name, subject, scopes, store, lastUsedAt, ...key }: ApiKeyState) {
  return [
    ...[
      prefix,
      name,
      subject,
      scopes?.join(' ') ?? 'all that the subject may',
      store ?? 'all of the subject',
    ],
    ...[lastUsedAt?.toISOString() ?? 'never', stateOf(key)],
  ];
}

function stateOf({ revokedAt, expiresAt }: Pick<ApiKeyState, 'revokedAt' | 'expiresAt'>): string {
  if (revokedAt !== null) return `revoked ${revokedAt.toISOString()}`;
  if (expiresAt === null) return 'good';
  return `${expiresAt.getTime() > Date.now() ? 'good until' : 'expired'} ${expiresAt.toISOString()}`;
}

function revokeCommand({ err }: Terminal): Command {
  const command = new Command('revoke')
    .description('an API key counts no more, on running servers within 5 s')
    .argument('<prefix>', 'its eight characters, as listed');
  return withDataOptions(command).action(async (prefix: string, options: DataOptions) => {
    await withCredentials(await configFor(options), (credentials) => credentials.revokeKey(prefix));
    err(`API key ${prefix} counts no more.`);
  });
}

interface RevokeTokenOptions extends DataOptions {
  readonly expires: number;
}

const WHOLE_TOKEN = /^\s*(?:bearer\s+)?[\w-]+\.[\w-]+\.[\w-]*\s*$/i;
const SHOWN =
  'A whole token is not taken from the command line, where every process list and the history of the shell show it. Nothing was revoked yet. Send it on standard input: aisle keys revoke-token - < FILE';

function revokeTokenCommand({ err }: Terminal): Command {
  const command = new Command('revoke-token')
    .description('a token counts no more, on running servers within 5 s')
    .argument(
      '<token>',
      '- reads the token from standard input; else its jti, or the SHA-256 of all of it up to its last dot',
    )
    .addOption(
      expiresOption('how long a token may live of which only hash or jti is known', durationMs, 365),
    );
  return withDataOptions(command).action(async (given: string, options: RevokeTokenOptions) => {
    if (WHOLE_TOKEN.test(given)) throw new ValidationError(SHOWN);
    const token = given === '-' ? (await text(process.stdin)).trim() : given;
    const fallback = new Date(Date.now() + options.expires);
    const { what, expiresAt } = await withCredentials(await configFor(options), (credentials) =>
      credentials.revokeToken(token, fallback),
    );
    err(
      `The token (by its ${what === 'token' ? 'own text' : what}) counts no more. That is kept until ${expiresAt.toISOString()}.`,
    );
  });
}
