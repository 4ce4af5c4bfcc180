import { UnavailableError } from '../../kernel/errors.ts';
import { inspectRedis, type RedisFacts } from '../../resilience/redis-inspection.ts';
import { type Check, fail, ok, skipped, type Verdict, warn } from '../check.ts';

/** Older ones get no security fixes. */
const OLDEST = [6, 2] as const;
/** A call waits for it, and does without after 100 ms. */
const SLOW_MS = 20;

/** What several servers count rates in together. */
export const redis: Check = {
  group: 'configuration',
  name: 'redis',
  async examine({ REDIS_URL }) {
    if (REDIS_URL === undefined) return skipped('REDIS_URL is not set: each server counts rates by itself');
    try {
      return judgeRedis(await inspectRedis(REDIS_URL));
    } catch (error) {
      if (!(error instanceof UnavailableError)) throw error;
      const why = error.cause instanceof Error ? ` (${error.cause.message})` : '';
      return fail(
        `${error.message}${why}: each server counts rates by itself`,
        'Start it, or mend host, user and password in REDIS_URL.',
      );
    }
  },
};

interface Problem {
  readonly status: 'warn' | 'fail';
  applies(facts: RedisFacts): boolean;
  what(facts: RedisFacts): string;
  readonly mend: string;
}

const PROBLEMS: readonly Problem[] = [
  {
    status: 'fail',
    applies: ({ isRemote, isEncrypted }) => isRemote && !isEncrypted,
    what: ({ address }) => `the connection to ${address} is not encrypted`,
    mend: 'Use rediss:// in REDIS_URL.',
  },
  {
    status: 'fail',
    applies: ({ isRemote, hasPassword }) => isRemote && !hasPassword,
    what: ({ address }) => `${address} asks for no password`,
    mend: 'Set requirepass or an ACL, and put it into REDIS_URL.',
  },
  {
    status: 'warn',
    applies: ({ version }) => isOld(version),
    what: ({ version }) => `Redis ${version} gets no fixes any more`,
    mend: `Use ${OLDEST.join('.')} or newer.`,
  },
  {
    status: 'warn',
    applies: ({ evictionPolicy }) => evictionPolicy !== 'noeviction',
    what: ({ evictionPolicy }) =>
      `maxmemory-policy is ${evictionPolicy}: when memory is full, counted calls are forgotten`,
    mend: 'Set maxmemory-policy noeviction, or give Aisle a Redis of its own.',
  },
  {
    status: 'warn',
    applies: ({ latencyMs }) => latencyMs > SLOW_MS,
    what: ({ latencyMs }) => `it answers in ${latencyMs} ms, which every call waits for`,
    mend: 'Put it nearer.',
  },
];

/** The worst of what is found, and all of it. */
export function judgeRedis(facts: RedisFacts): Verdict {
  const found = PROBLEMS.filter((problem) => problem.applies(facts));
  if (found.length === 0)
    return ok(`${facts.address}, Redis ${facts.version}, answers in ${facts.latencyMs} ms`);
  const verdict = found.some(({ status }) => status === 'fail') ? fail : warn;
  return verdict(
    found.map((problem) => problem.what(facts)).join('; '),
    found.map(({ mend }) => mend).join(' '),
  );
}

function isOld(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return !(major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]));
}
