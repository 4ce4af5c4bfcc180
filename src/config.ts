import { existsSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { z } from 'zod';
import { ConfigurationError } from './kernel/errors.ts';
import { PERMISSIONS } from './kernel/permission.ts';

/** One setting: what it may be, what it is for, and whether its value may be shown. */
interface Setting<Schema extends z.ZodType> {
  readonly schema: Schema;
  readonly description: string;
  /** How a value is hidden in `aisle config print`. */
  readonly mask?: (value: string) => string;
}

function setting<Schema extends z.ZodType>(
  schema: Schema,
  description: string,
  mask?: (value: string) => string,
): Setting<Schema> {
  return mask === undefined ? { schema, description } : { schema, description, mask };
}

const seconds = (fallback: number, max: number) => z.coerce.number().positive().max(max).default(fallback);
const count = (fallback: number, min: number, max: number) =>
  z.coerce.number().int().min(min).max(max).default(fallback);
const list = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== ''),
  );

const onOff = (fallback: 'on' | 'off') =>
  z
    .enum(['on', 'off'])
    .default(fallback)
    .transform((value) => value === 'on');

function maskUrl(text: string): string {
  const url = new URL(text);
  if (url.password !== '') url.password = '***';
  for (const name of [...url.searchParams.keys()]) {
    if (/pass|secret|key|token/i.test(name)) url.searchParams.set(name, '***');
  }
  return url.href;
}

/** Every setting there is. Names are the environment variables'; command-line options override them. */
const SETTINGS = {
  HOST: setting(
    z.string().min(1).default('127.0.0.1'),
    'Address to listen on. Anything but loopback needs authentication to be configured, and is refused without.',
  ),
  PORT: setting(
    z.coerce.number().int().min(0).max(65_535).default(8000),
    'Port to listen on; 0 takes a free one.',
  ),
  ENVIRONMENT: setting(
    z.enum(['development', 'staging', 'production']).default('development'),
    'Development identities exist in `development` only.',
  ),
  PUBLIC_URL: setting(
    z.url({ protocol: /^https?$/ }).optional(),
    'Address under which clients reach `/mcp`, e.g. `https://aisle.example.com/mcp`; they find the place to log in by it. Without it the address listened on.',
  ),
  ENTRA_TENANT_ID: setting(
    z.guid().optional(),
    'Microsoft Entra ID: the directory (tenant) whose users and applications may call; with ENTRA_CLIENT_ID.',
  ),
  ENTRA_CLIENT_ID: setting(
    z.guid().optional(),
    'Microsoft Entra ID: the application (client) id of this server, which tokens must be meant for.',
  ),
  OIDC_ISSUERS: setting(
    list,
    'Issuers of tokens that are taken, comma-separated, exactly as in `iss`; https, or http on loopback.',
  ),
  OIDC_AUDIENCE: setting(
    list,
    'Audiences, comma-separated, one of which a token of OIDC_ISSUERS must have. Without it PUBLIC_URL.',
  ),
  OIDC_CLAIMS: setting(
    list,
    'Which claims say who somebody is, where that differs from `subject=oid|sub,name=preferred_username|upn|email|sub,roles=roles,stores=stores,regions=regions`.',
  ),
  OIDC_ROLES: setting(
    list,
    "What the provider's roles and groups are here, comma-separated, as `theirs=store_manager`.",
  ),
  OIDC_SCOPE_PREFIX: setting(
    z.string().default(''),
    'What the provider puts before the names of scopes. For Entra ID it is `api://<client id>/` by itself.',
  ),
  OIDC_INITIAL_SCOPES: setting(
    list.default(['read:products', 'read:basic_reports']).pipe(z.array(z.enum(PERMISSIONS))),
    'Scopes that clients are told to ask for when somebody logs in; more are asked for when a tool needs them.',
  ),
  OIDC_PROVISIONING: setting(
    onOff('off'),
    'Whether somebody whom only the provider knows becomes a subject, with the stores and regions of the claims.',
  ),
  API_KEYS: setting(onOff('off'), 'Whether API keys are taken over HTTP; `aisle keys create` makes one.'),
  AISLE_API_KEY: setting(
    z.string().optional(),
    'API key that says who calls over stdio, in any environment.',
    () => '***',
  ),
  LOG_LEVEL: setting(
    z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
    'Least severe log line that is written. Logs are JSON on stderr.',
  ),
  DATABASE_URL: setting(
    z.url({ protocol: /^postgres(ql)?$/ }).optional(),
    'PostgreSQL 15 to 18 with pgvector: `postgres://owner@host:5432/database`, as a user that owns the database and may create roles. Without it the embedded database is used.',
    maskUrl,
  ),
  DATA_DIR: setting(z.string().min(1).default('.aisle'), 'Directory of the embedded database.'),
  DB_POOL_MAX: setting(count(10, 1, 200), 'Connections for queries, per server process.'),
  DB_POOL_MIN: setting(count(2, 0, 200), 'Of them, how many stay open when idle.'),
  DB_POOL_LIFETIME_SECONDS: setting(
    seconds(3600, 86_400),
    'A connection is replaced after this, so that failovers and rotated certificates are noticed.',
  ),
  DB_POOL_IDLE_SECONDS: setting(seconds(300, 86_400), 'An idle connection is closed after this.'),
  DB_ACQUIRE_TIMEOUT_SECONDS: setting(
    seconds(30, 600),
    'A call waits this long for a free connection, then is refused.',
  ),
  DB_APPLICATION_NAME: setting(
    z
      .string()
      .regex(/^[\x20-\x7e]{1,63}$/)
      .default('aisle'),
    'Name shown in `pg_stat_activity`.',
  ),
  DB_STATEMENT_TIMEOUT_SECONDS: setting(seconds(30, 600), 'A query is stopped after this.'),
  DB_WORK_MEM: setting(
    z
      .string()
      .regex(/^\d+(kB|MB|GB)$/)
      .default('8MB'),
    "PostgreSQL's `work_mem` of a query.",
  ),
  DB_LOCK_TIMEOUT_SECONDS: setting(seconds(2, 600), 'A query waits this long for a lock, then is refused.'),
  MAX_RESULT_BYTES: setting(
    count(8_388_608, 65_536, 268_435_456),
    "Bytes of one query's result that are taken in from the database; a larger one is refused.",
  ),
  TOOL_TIMEOUT_SECONDS: setting(
    seconds(5, 600),
    'A tool call is stopped after this; `execute_sales_query` 5 s after DB_STATEMENT_TIMEOUT_SECONDS.',
  ),
  MAX_CONCURRENT_TOOLS: setting(
    count(100, 1, 10_000),
    'Tool calls that run at once; 4 times as many wait, further ones are refused.',
  ),
  CALLER_SHARE: setting(
    z.coerce.number().positive().max(1).default(0.25),
    'Part of MAX_CONCURRENT_TOOLS and of DB_POOL_MAX, at least one, that one caller may hold at once; the rest is kept for others.',
  ),
  MAX_BODY_BYTES: setting(count(1_048_576, 1024, 67_108_864), 'Largest request body.'),
  DRAIN_SECONDS: setting(seconds(10, 300), 'At shutdown, calls in flight get this long to finish.'),
  ALLOWED_ORIGINS: setting(
    list,
    'Origins that requests of browsers may name, comma-separated, besides loopback ones. No CORS headers are sent: pages of another origin need a proxy.',
  ),
  ALLOWED_HOSTS: setting(
    list,
    'Host names that requests may be addressed to, comma-separated, besides the one listened on.',
  ),
  SQL_EXTRA_FUNCTIONS: setting(
    list,
    'Functions that queries may call besides the built-in allow-list, comma-separated, as `name` or `schema.name`.',
  ),
  SQL_BOUNDS: setting(
    list,
    'Bounds of a query that differ from the defaults, comma-separated, as `joins=20,listItems=5000`; docs/sql-guard.md has them all.',
  ),
} as const;

type SettingName = keyof typeof SETTINGS;
export type Config = { readonly [Name in SettingName]: z.output<(typeof SETTINGS)[Name]['schema']> };

const NAMES = Object.keys(SETTINGS) as SettingName[];

/**
 * Reads the settings: `overrides` (command line) before the environment before `.env` in the working directory.
 * Throws `ConfigurationError` that lists every setting that is wrong.
 */
export function loadConfig(
  overrides: Partial<Record<SettingName, string | undefined>> = {},
  environment: NodeJS.ProcessEnv = process.env,
  envFile = '.env',
): Config {
  const fromFile = existsSync(envFile) ? parseEnv(readFileSync(envFile, 'utf8')) : {};
  const problems: string[] = [];
  const config: Record<string, unknown> = {};
  for (const name of NAMES) {
    const given = overrides[name] ?? environment[name] ?? fromFile[name];
    const parsed = SETTINGS[name].schema.safeParse(given === '' ? undefined : given);
    if (parsed.success) config[name] = parsed.data;
    else
      problems.push(
        `${name}: ${parsed.error.issues.map((issue) => issue.message).join('; ')}. ${SETTINGS[name].description}`,
      );
  }
  if (problems.length > 0) {
    throw new ConfigurationError(`Settings that need mending:\n  ${problems.join('\n  ')}`);
  }
  return config as Config;
}

/** The settings with secrets hidden, as text to print. */
export function maskedConfig(
  config: Config,
): Record<SettingName, string | number | boolean | readonly string[] | null> {
  const masked = NAMES.map((name) => {
    const value = config[name] ?? null;
    const { mask } = SETTINGS[name] as Setting<z.ZodType>;
    return [name, typeof value === 'string' && mask !== undefined ? mask(value) : value];
  });
  return Object.fromEntries(masked);
}

/** The rows of the configuration table in README: name, default, what it is for. */
export function settingsTable(): readonly (readonly [name: string, fallback: string, description: string])[] {
  return NAMES.map((name) => {
    const fallback = SETTINGS[name].schema.safeParse(undefined).data ?? '';
    return [
      name,
      Array.isArray(fallback) ? fallback.join(',') : String(fallback),
      SETTINGS[name].description,
    ];
  });
}
