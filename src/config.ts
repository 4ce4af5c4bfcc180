import { isIP } from 'node:net';
import { z } from 'zod';
import { EMBEDDING_PROVIDERS, EMBEDDING_WIDTH } from './kernel/embedding.ts';
import { ConfigurationError } from './kernel/errors.ts';
import { isLoopback } from './kernel/loopback.ts';
import { PERMISSIONS } from './kernel/permission.ts';
import { type Gathered, gatherSettings, type SettingSources } from './settings/gather.ts';
import { type ConnectVault, readKeyVault } from './settings/key-vault.ts';

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

/** As browsers send it: `https://console.example.com`, no path, no wildcard. */
const origins = list.refine(
  (items) =>
    items.every(
      (item) => !item.includes('*') && URL.canParse(item) && new URL(item).origin === item.toLowerCase(),
    ),
  'each must be one exact origin, like https://console.example.com, with neither path nor wildcard',
);
const networks = list.refine(
  (items) => items.every(isNetwork),
  'each must be an address or a network, like 10.0.0.7 or 10.0.0.0/24, and none may be all of the internet',
);

function isNetwork(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const most = { 0: 0, 4: 32, 6: 128 }[isIP(address)] ?? 0;
  if (rest.length > 0 || most === 0) return false;
  return bits === undefined || (/^[1-9]\d{0,2}$/.test(bits) && Number(bits) >= 8 && Number(bits) <= most);
}
/** Where a provider is asked. What stands for a password there would be logged and sent along by whoever reads URLs. */
const endpoint = z.url({ protocol: /^https?$/ }).refine((text) => {
  const { username, password, search, hash } = new URL(text);
  return [username, password, search, hash].every((part) => part === '');
}, 'must have neither a user, nor a password, nor anything after ? or #: keys have settings of their own');
/** As it goes into a header: a line break that was pasted along would make each request fail. */
const key = z.string().regex(/^[\x21-\x7e]+$/, 'must be ASCII without blanks or line breaks');
const hidden = () => '***';
/** `id:***,id:***`: ids of keys are no secret. */
const maskKeys = (text: string) => text.replace(/:[^,]*/g, ':***');
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
  OIDC_AT_JWT: setting(
    z.stringbool().default(false),
    'Whether the issuers of OIDC_ISSUERS mark access tokens by `typ` `at+jwt` (RFC 9068): others, ID tokens among them, are refused then.',
  ),
  OIDC_INITIAL_SCOPES: setting(
    list.default(['read:products', 'read:basic_reports']).pipe(z.array(z.enum(PERMISSIONS))),
    'Scopes that clients are told to ask for when somebody logs in; more are asked for when a tool needs them.',
  ),
  OIDC_PROVISIONING: setting(
    z.stringbool().default(false),
    'Whether somebody whom only the provider knows becomes a subject, with the stores and regions of the claims.',
  ),
  API_KEYS: setting(
    z.stringbool().default(false),
    'Whether API keys are taken over HTTP; `aisle keys create` makes one.',
  ),
  AISLE_API_KEY: setting(
    z.string().optional(),
    'API key that says who calls over stdio, in any environment.',
    hidden,
  ),
  LOG_LEVEL: setting(
    z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
    'Least severe log line that is written. Logs are JSON on stderr.',
  ),
  DATABASE_URL: setting(
    z.url({ protocol: /^postgres(ql)?$/ }).optional(),
    'PostgreSQL 15 to 18 with pgvector 0.8, and with pg_trgm and unaccent, which come with PostgreSQL: `postgres://owner@host:5432/database`, as a user that owns the database and may create roles. Without it the embedded database is used.',
    maskUrl,
  ),
  REDIS_URL: setting(
    z.url({ protocol: /^rediss?$/ }).optional(),
    'Redis 6.2 or newer that several servers count rates in together: `rediss://user:password@host:6379/0`. Without it each server counts by itself.',
    maskUrl,
  ),
  DATA_DIR: setting(z.string().min(1).default('.aisle'), 'Directory of the embedded database.'),
  SECRET_KEYS: setting(
    list,
    'Keys that stored secrets are encrypted with, comma-separated, as `id:key`; the first encrypts, all decrypt. `aisle secrets new-key` makes one. In development a key is made in DATA_DIR when none is given; elsewhere, and with several servers, it is needed.',
    maskKeys,
  ),
  AZURE_KEY_VAULT_URL: setting(
    z.url({ protocol: /^https$/ }).optional(),
    'Azure Key Vault that holds settings as secrets, `-` for `_`: `https://name.vault.azure.net`. Needs the packages @azure/identity and @azure/keyvault-secrets.',
  ),
  DB_POOL_MAX: setting(count(10, 1, 200), 'Connections for queries, per server process.'),
  DB_POOL_MIN: setting(count(2, 0, 200), 'Of them, how many stay open when idle.'),
  DB_SERVERS: setting(
    count(1, 1, 1000),
    'Servers of Aisle on this database at once, at most, also while one replaces another; what they may open together is compared with what PostgreSQL takes.',
  ),
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
  MAX_SESSIONS: setting(
    count(1000, 0, 100_000),
    'Sessions of clients of 2025-11-25 that are kept; 0 keeps none, for several replicas without sticky routing.',
  ),
  SESSION_IDLE_SECONDS: setting(
    count(1800, 10, 86_400),
    'A session ends when nothing was asked of it for this long and no stream of it is open.',
  ),
  MAX_SUBSCRIPTIONS: setting(
    count(1000, 0, 100_000),
    'Resources that all callers together may watch for changes, one caller a tenth of them; 0: nobody can.',
  ),
  CALLER_SHARE: setting(
    z.coerce.number().positive().max(1).default(0.25),
    'Part of MAX_CONCURRENT_TOOLS and of DB_POOL_MAX, at least one, that one caller may hold at once; the rest is kept for others.',
  ),
  RATE_LIMIT_ENABLED: setting(z.stringbool().default(true), 'Whether calls and requests are counted at all.'),
  RATE_LIMIT_REQUESTS: setting(
    count(1000, 1, 10_000_000),
    'Calls that one caller may make within RATE_LIMIT_PERIOD; expensive tools count as several.',
  ),
  RATE_LIMIT_PERIOD: setting(count(60, 1, 86_400), 'Seconds that both rates are counted over.'),
  RATE_LIMIT_PER_ADDRESS: setting(
    count(3000, 1, 10_000_000),
    'Requests that one address (IPv6: one /64 network) may send within RATE_LIMIT_PERIOD, whoever they are from.',
  ),
  REQUEST_TIMEOUT_SECONDS: setting(
    seconds(60, 3600),
    'An HTTP request is answered within this, whatever it asked for; longer than any tool may take.',
  ),
  MAX_BODY_BYTES: setting(count(1_048_576, 1024, 67_108_864), 'Largest request body.'),
  DRAIN_SECONDS: setting(seconds(10, 300), 'At shutdown, calls in flight get this long to finish.'),
  TLS_CERT_FILE: setting(
    z.string().min(1).optional(),
    'File in PEM with the certificate to serve HTTPS with, and those that vouch for it; with TLS_KEY_FILE. Without both it is plain HTTP.',
  ),
  TLS_KEY_FILE: setting(
    z.string().min(1).optional(),
    'File in PEM with the private key of TLS_CERT_FILE, not encrypted.',
  ),
  TRUSTED_PROXIES: setting(
    networks,
    'Addresses and networks of the proxies in front, comma-separated. Only from them X-Forwarded-For and X-Forwarded-Proto are believed.',
  ),
  ALLOWED_ORIGINS: setting(
    origins,
    'Origins of pages that may call from a browser (CORS), comma-separated, besides loopback ones when listening on loopback. Each is named exactly; `*` is refused.',
  ),
  ALLOWED_HOSTS: setting(
    list,
    'Host names that requests may be addressed to, comma-separated, besides the one listened on.',
  ),
  CACHE_LEVEL: setting(
    z.enum(['off', 'memory', 'redis', 'both']).default('both'),
    'Where answers are kept to be given again while nothing they depend on changes: in this process, in REDIS_URL for all servers, in both, or nowhere.',
  ),
  CACHE_MEMORY_BYTES: setting(
    count(67_108_864, 1_048_576, 17_179_869_184),
    'Memory that kept answers may take, per server process; the least recently used go first.',
  ),
  CACHE_TTL_SECONDS: setting(
    seconds(14_400, 43_200),
    'An answer is kept no longer than this, even when nothing changes; most tools say less.',
  ),
  EMBEDDING_PROVIDER: setting(
    z.enum([...EMBEDDING_PROVIDERS, 'none']).default('local'),
    'What makes the vectors that product search compares: `local` is built in, `openai` is OpenAI and whatever speaks its API (Ollama, vLLM, LM Studio), `azure` is Azure OpenAI, `none` searches by text only. docs/embeddings.md has them all.',
  ),
  EMBEDDING_MODEL: setting(
    z.string().trim().min(1).max(200).default('text-embedding-3-small'),
    'Model of the provider `openai`, or deployment of `azure`.',
  ),
  EMBEDDING_MODEL_VERSION: setting(
    z.string().trim().min(1).max(40).default('1'),
    'Any text. Change it when another model stands behind the same name: all vectors are made anew then.',
  ),
  EMBEDDING_DIMENSIONS: setting(count(1536, 1, EMBEDDING_WIDTH), 'Numbers in a vector of EMBEDDING_MODEL.'),
  EMBEDDING_SHORTENED: setting(
    z.stringbool().default(false),
    'Whether a model whose name is not known is asked for EMBEDDING_DIMENSIONS instead of all that it gives; many servers refuse to be. Of the models of OpenAI it is known.',
  ),
  EMBEDDING_TIMEOUT_SECONDS: setting(
    seconds(2, 60),
    'A search waits this long for the vector of its words, then goes by text.',
  ),
  OPENAI_BASE_URL: setting(
    endpoint.default('https://api.openai.com/v1'),
    'Where the provider `openai` is asked, e.g. `http://127.0.0.1:11434/v1` for Ollama. Over http a key is sent to this machine only.',
  ),
  OPENAI_API_KEY: setting(
    key.optional(),
    'Key of the provider `openai`; a server of your own may need none.',
    hidden,
  ),
  AZURE_OPENAI_ENDPOINT: setting(
    endpoint
      .refine((url) => url.startsWith('https:') || isLoopback(new URL(url).hostname), 'must begin with https')
      .optional(),
    'Resource of Azure OpenAI: `https://name.openai.azure.com`.',
  ),
  AZURE_OPENAI_API_KEY: setting(
    key.optional(),
    'Key of AZURE_OPENAI_ENDPOINT. Without it this machine signs in by Entra ID, which needs the package @azure/identity.',
    hidden,
  ),
  AZURE_OPENAI_API_VERSION: setting(
    z
      .string()
      .regex(/^\d{4}-\d{2}-\d{2}(?:-preview)?$/)
      .default('2024-10-21'),
    'Version of the API that AZURE_OPENAI_ENDPOINT is asked by.',
  ),
  AUDIT_BATCH_MS: setting(
    count(50, 1, 100),
    'Milliseconds that the audit records of reads are gathered before they are written. Refusals and writes are not answered before their record is committed.',
  ),
  AUDIT_RETENTION_MONTHS: setting(
    count(24, 1, 1200),
    'Months, besides the current one, whose audit records are kept; older ones are dropped, a month at a time.',
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
 * Reads the settings: `overrides` (command line), the environment, files that NAME_FILE names, Azure Key Vault, `.env`,
 * each before the next. Throws `ConfigurationError` that lists every setting that is wrong, `UnavailableError` when the
 * vault does not answer.
 */
export async function loadConfig(
  overrides: SettingSources['overrides'] = {},
  environment: NodeJS.ProcessEnv = process.env,
  envFile = '.env',
  connect?: ConnectVault,
): Promise<Config> {
  const sources: SettingSources = { overrides, environment, envFile };
  const gathered = gatherSettings(NAMES, sources);
  const url = parseSetting('AZURE_KEY_VAULT_URL', gathered.values.AZURE_KEY_VAULT_URL).data;
  if (url === undefined) return parseSettings(gathered);
  // A vault is asked for what nothing before it says, and not where it is itself.
  const wanted = NAMES.filter((name) => name !== 'AZURE_KEY_VAULT_URL' && !gathered.decided.has(name));
  const vault = await readKeyVault(url, wanted, connect);
  return parseSettings(gatherSettings(NAMES, { ...sources, vault }));
}

/** The settings of these texts, defaults for what is not among them. Throws `ConfigurationError` that lists all that is wrong. */
export function parseSettings({ values, problems }: Gathered): Config {
  const found = [...problems];
  const config: Record<string, unknown> = {};
  for (const name of NAMES) {
    const parsed = parseSetting(name, values[name]);
    if (parsed.success) config[name] = parsed.data;
    else {
      const why = parsed.error.issues.map((issue) => issue.message).join('; ');
      // No name before a colon: of one that is called a key, what follows would be masked.
      found.push(`${name} is not valid: ${why}. ${SETTINGS[name].description}`);
    }
  }
  if (found.length > 0) throw new ConfigurationError(`Settings that need mending:\n  ${found.join('\n  ')}`);
  return config as Config;
}

/** An empty setting is an absent one. */
function parseSetting<Name extends SettingName>(name: Name, given: string | undefined) {
  const schema: (typeof SETTINGS)[Name]['schema'] = SETTINGS[name].schema;
  return schema.safeParse(given === '' ? undefined : given) as z.ZodSafeParseResult<Config[Name]>;
}

/** The settings with secrets hidden, as text to print. */
export function maskedConfig(
  config: Config,
): Record<SettingName, string | number | boolean | readonly string[] | null> {
  const masked = NAMES.map((name) => {
    const value = config[name] ?? null;
    const { mask } = SETTINGS[name] as Setting<z.ZodType>;
    if (mask === undefined || value === null) return [name, value];
    return [name, Array.isArray(value) ? value.map(String).map(mask) : mask(String(value))];
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
