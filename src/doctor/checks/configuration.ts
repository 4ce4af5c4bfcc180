import { isLoopback } from '../../kernel/loopback.ts';
import { proofsOf } from '../../kernel/proofs.ts';
import { type Check, fail, ok, type Settings, settingsCheck, skipped, warn } from '../check.ts';
import { redis } from './redis.ts';

const group = 'configuration';

const PROOF_NAMES = {
  OIDC_ISSUERS: ({ OIDC_ISSUERS }: Settings) => OIDC_ISSUERS.map((issuer) => `tokens of ${issuer}`),
  ENTRA_TENANT_ID: () => ['tokens of Entra ID'],
  API_KEYS: () => ['API keys'],
};
const proves = (settings: Settings) => proofsOf(settings).flatMap((name) => PROOF_NAMES[name](settings));
const HOW = 'Set ENTRA_TENANT_ID and ENTRA_CLIENT_ID, OIDC_ISSUERS, or API_KEYS=on';

export const listening = settingsCheck({
  group,
  name: 'listening address',
  judge(settings) {
    const { HOST } = settings;
    if (isLoopback(HOST)) return ok(`HOST=${HOST}: this machine only`);
    if (proves(settings).length > 0)
      return ok(`HOST=${HOST}: open to other machines, which must prove who calls`);
    return fail(
      `HOST=${HOST} is open to other machines, and no authentication is configured: serving refuses it`,
      `${HOW}; or set HOST=127.0.0.1.`,
    );
  },
});

export const environment = settingsCheck({
  group,
  name: 'environment',
  judge(settings) {
    const { ENVIRONMENT, unfit } = settings;
    if (ENVIRONMENT !== 'development' && unfit.length > 0)
      return fail(`ENVIRONMENT=${ENVIRONMENT}, and serving refuses these settings`, unfit.join(' '));
    const proofs = proves(settings);
    return proofs.length > 0
      ? ok(`${ENVIRONMENT}: callers prove who they are by ${proofs.join(', ')}`)
      : ok('development: callers are who they say they are, on this machine only');
  },
});

export const pool = settingsCheck({
  group,
  name: 'connection pool',
  judge({ DB_POOL_MIN, DB_POOL_MAX, MAX_CONCURRENT_TOOLS }) {
    if (DB_POOL_MIN > DB_POOL_MAX) {
      return warn(
        `DB_POOL_MIN=${DB_POOL_MIN} is more than DB_POOL_MAX=${DB_POOL_MAX}, which counts`,
        'Set DB_POOL_MIN to at most DB_POOL_MAX.',
      );
    }
    if (MAX_CONCURRENT_TOOLS < DB_POOL_MAX) {
      return warn(
        `only MAX_CONCURRENT_TOOLS=${MAX_CONCURRENT_TOOLS} of DB_POOL_MAX=${DB_POOL_MAX} connections can ever be busy`,
        'Set MAX_CONCURRENT_TOOLS to at least DB_POOL_MAX.',
      );
    }
    return ok(`${DB_POOL_MIN} to ${DB_POOL_MAX} connections for ${MAX_CONCURRENT_TOOLS} calls at once`);
  },
});

/** Past a minute a model has long given up, and its connection is kept from everybody else. */
const LONG_SECONDS = 60;
/** What execute_sales_query may take beyond its query. */
const BEYOND_QUERY_SECONDS = 5;

export const timeLimits = settingsCheck({
  group,
  name: 'time limits',
  judge({
    DB_STATEMENT_TIMEOUT_SECONDS: query,
    TOOL_TIMEOUT_SECONDS: tool,
    REQUEST_TIMEOUT_SECONDS: request,
  }) {
    const long = [
      ...(query > LONG_SECONDS ? [`DB_STATEMENT_TIMEOUT_SECONDS=${query}`] : []),
      ...(tool > LONG_SECONDS ? [`TOOL_TIMEOUT_SECONDS=${tool}`] : []),
    ];
    if (long.length > 0) {
      return warn(
        `${long.join(' and ')}: a call may keep its connection from others for that long`,
        `Set both to ${LONG_SECONDS} or less, unless your queries need more.`,
      );
    }
    const longest = Math.max(tool, query + BEYOND_QUERY_SECONDS);
    if (request <= longest) {
      return warn(
        `REQUEST_TIMEOUT_SECONDS=${request}, and a tool call may take ${longest} s: callers read that the request took too long, and not what did`,
        `Set REQUEST_TIMEOUT_SECONDS above ${longest}.`,
      );
    }
    return ok(`a query is stopped after ${query} s, a tool call after ${tool} s`);
  },
});

const unused = (name: string) =>
  settingsCheck({ group, name, judge: () => skipped('not used by this version') });

export const CONFIGURATION: readonly Check[] = [
  listening,
  environment,
  pool,
  timeLimits,
  redis,
  unused('embedding provider'),
];
