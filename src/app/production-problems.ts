import { isTrustworthy } from '../auth/issuer.ts';
import type { Config } from '../config.ts';
import { staysHere, weakPassword } from '../doctor/checks/secrets.ts';
import { servesInClearText } from '../kernel/clear-text.ts';
import { ConfigurationError } from '../kernel/errors.ts';
import { isLoopback } from '../kernel/loopback.ts';
import { PROOFS, proofsOf } from '../kernel/proofs.ts';
import { weakSecretKeys } from '../secrets/secret-keys.ts';

/** Something about the settings that is good enough for development only. */
export interface ProductionProblem {
  /** Settings that are missing; empty when one that is there is wrong. */
  readonly missing: readonly string[];
  /** What is wrong, and what to do; tells no secret. */
  readonly said: string;
}

const missing = (said: string, ...names: readonly string[]): ProductionProblem => ({ missing: names, said });
const wrong = (said: string): ProductionProblem => ({ missing: [], said });

/** Each is asked for everything it finds. A new rule is a function here and a line of the table in its test. */
const RULES: readonly ((config: Config) => readonly ProductionProblem[])[] = [
  secretKeys,
  database,
  databaseParameters,
  redis,
  publicUrl,
  issuers,
  authentication,
  debugging,
  wildcards,
  plainHttp,
];

/** Why these settings must not be served with outside of development; none when they may. */
export function productionProblems(config: Config): readonly ProductionProblem[] {
  return RULES.flatMap((rule) => rule(config));
}

/** Throws `ConfigurationError` that lists everything at once. Development is never refused. */
export function refuseUnfit(config: Config): void {
  if (config.ENVIRONMENT === 'development') return;
  const problems = productionProblems(config);
  if (problems.length > 0) throw new ConfigurationError(listProblems(problems, config.ENVIRONMENT));
}

/** `Missing required production settings: […]`, and a line for each problem. */
function listProblems(problems: readonly ProductionProblem[], environment: string): string {
  const names = problems.flatMap((problem) => problem.missing);
  const first =
    names.length > 0
      ? `Missing required ${environment} settings: [${names.join(', ')}]`
      : `Settings that are not fit for ${environment}:`;
  return [first, ...problems.map(({ said }) => said)].join('\n  ');
}

function secretKeys({ SECRET_KEYS }: Config): readonly ProductionProblem[] {
  if (SECRET_KEYS.length === 0) {
    const how =
      'SECRET_KEYS is missing: a key is made by itself in development only. "aisle secrets new-key" makes one.';
    return [missing(how, 'SECRET_KEYS')];
  }
  try {
    return weakSecretKeys(SECRET_KEYS).map((weak) =>
      wrong(`SECRET_KEYS can be guessed: ${weak}. "aisle secrets new-key" makes a good one.`),
    );
  } catch (error) {
    if (error instanceof ConfigurationError) return [wrong(error.message)];
    throw error;
  }
}

function database({ DATABASE_URL }: Config): readonly ProductionProblem[] {
  if (DATABASE_URL === undefined) {
    const how =
      'DATABASE_URL: the embedded database is for development: one process, and files in the open. Name a PostgreSQL server.';
    return [missing(how, 'DATABASE_URL')];
  }
  const weak = weakPassword(DATABASE_URL);
  return [
    ...(weak === undefined
      ? []
      : [wrong(`DATABASE_URL: the password ${weak}. Make another, e.g. by "openssl rand -hex 24".`)]),
    ...(isPrivate(DATABASE_URL)
      ? []
      : [
          wrong(
            'DATABASE_URL: the connection to another machine is not encrypted, or not verified. Add ?sslmode=verify-full (with sslrootcert=… for a certificate authority of your own).',
          ),
        ]),
  ];
}

/** pg takes user, password and host from the parameters too, and of two alike the last: what is judged must be what counts. */
function databaseParameters({ DATABASE_URL }: Config): readonly ProductionProblem[] {
  const names = DATABASE_URL === undefined ? [] : [...new URL(DATABASE_URL).searchParams.keys()];
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  const hidden = names.find((name) => ['user', 'password', 'port'].includes(name));
  return [
    ...(twice === undefined
      ? []
      : [wrong(`DATABASE_URL: the parameter ${twice} is there twice. Leave one out.`)]),
    ...(hidden === undefined
      ? []
      : [
          wrong(
            `DATABASE_URL: ${hidden} is a parameter. Write user and password into the address, before its host.`,
          ),
        ]),
  ];
}

function redis({ REDIS_URL }: Config): readonly ProductionProblem[] {
  if (REDIS_URL === undefined || isLoopback(new URL(REDIS_URL).hostname)) return [];
  const { protocol, password } = new URL(REDIS_URL);
  return protocol === 'rediss:' && password !== ''
    ? []
    : [
        wrong(
          'REDIS_URL: on another machine it needs TLS, so rediss:// in place of redis://, and a password before the @.',
        ),
      ];
}

function publicUrl({ PUBLIC_URL }: Config): readonly ProductionProblem[] {
  return PUBLIC_URL === undefined || isTrustworthy(PUBLIC_URL)
    ? []
    : [wrong('PUBLIC_URL: clients would send their tokens in the open. It must begin with https.')];
}

function issuers({ OIDC_ISSUERS }: Config): readonly ProductionProblem[] {
  return OIDC_ISSUERS.filter((issuer) => !isTrustworthy(issuer)).map((issuer) =>
    wrong(`OIDC_ISSUERS: ${issuer} is no https URL, so that its keys could be anybody's.`),
  );
}

/** Whether nobody on the way can read along: it stays on this machine, or it is encrypted and the server is verified. */
function isPrivate(databaseUrl: string): boolean {
  if (staysHere(databaseUrl)) return true;
  const { searchParams } = new URL(databaseUrl);
  const mode = searchParams.get('sslmode');
  // With libpq's own meaning `require` takes any certificate, with that of this driver none but a good one.
  const isVerifiedRequire = mode === 'require' && searchParams.get('uselibpqcompat') !== 'true';
  return mode === 'verify-full' || mode === 'verify-ca' || isVerifiedRequire;
}

function authentication(config: Config): readonly ProductionProblem[] {
  if (proofsOf(config).length === 0) {
    const how = `Authentication: callers would be whoever they say they are. Set one of ${PROOFS.join(', ')}.`;
    return [missing(how, PROOFS.join(' or '))];
  }
  return config.ENTRA_TENANT_ID === undefined || config.ENTRA_CLIENT_ID !== undefined
    ? []
    : [missing('ENTRA_CLIENT_ID: ENTRA_TENANT_ID says nothing without it.', 'ENTRA_CLIENT_ID')];
}

function debugging({ LOG_LEVEL }: Config): readonly ProductionProblem[] {
  return LOG_LEVEL === 'debug' || LOG_LEVEL === 'trace'
    ? [wrong(`LOG_LEVEL=${LOG_LEVEL} is for finding faults. Set LOG_LEVEL=info.`)]
    : [];
}

function wildcards({ ALLOWED_HOSTS }: Config): readonly ProductionProblem[] {
  return ALLOWED_HOSTS.some((entry) => entry.includes('*'))
    ? [wrong('ALLOWED_HOSTS: * lets any page in. Name each by itself.')]
    : [];
}

function plainHttp(config: Config): readonly ProductionProblem[] {
  if (!servesInClearText(config)) return [];
  return [
    wrong(
      `HOST=${config.HOST}: tokens would travel in the open. Set TLS_CERT_FILE and TLS_KEY_FILE, or TRUSTED_PROXIES when a proxy ends TLS, or HOST=127.0.0.1.`,
    ),
  ];
}
