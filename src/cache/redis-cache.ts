import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Change } from '../kernel/changes.ts';
import type { SecretKeys } from '../kernel/secret-keys.ts';
import type { RedisLink, RedisState } from '../resilience/redis-link.ts';
import type { Answer } from './answer.ts';
import { outsideName, seal, unseal } from './seal.ts';
import { changedNames } from './tags.ts';

/** An answer that some server keeps for all. */
export interface SharedAnswer extends Answer {
  /** When the database was asked, and until when it may be given: milliseconds since 1970. */
  readonly askedAt: number;
  readonly expiresAt: number;
  /** Names of what it depends on. */
  readonly names: readonly string[];
}

/** Where the counting of changes stood when something was looked for. */
export interface Standing {
  readonly epoch: string;
  readonly sequence: number;
}

const sealed = z.object({
  serialized: z.string(),
  text: z.string(),
  askedAt: z.number(),
  expiresAt: z.number(),
  names: z.array(z.string()),
  epoch: z.string(),
  sequence: z.number(),
});

/** Of the counts: longer than any answer is kept. Each change begins it anew. */
const COUNTS_TTL_SECONDS = 86_400;

/** Forgets all counts, and with them all answers: they carry another epoch. */
const BEGIN = `redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'epoch', ARGV[1], 'sequence', 0)
return redis.call('EXPIRE', KEYS[1], ${COUNTS_TTL_SECONDS})`;

/** One change more, which is noted at each name. */
const COUNT = `local sequence = redis.call('HINCRBY', KEYS[1], 'sequence', 1)
for _, name in ipairs(ARGV) do redis.call('HSET', KEYS[1], 'at ' .. name, sequence) end
return redis.call('EXPIRE', KEYS[1], ${COUNTS_TTL_SECONDS})`;

export interface RedisCacheOptions {
  readonly link: RedisLink;
  readonly keys: SecretKeys;
  /** Servers that share it share answers: one for each database and version. */
  readonly namespace: string;
}

/**
 * Answers that all servers share. Each server counts the changes that it hears of in one hash of Redis, `sequence`, and
 * notes at each name when it last changed; an answer carries the count from before it was asked for, and counts while
 * nothing that it depends on has changed later. What can't be vouched for, because changes were not heard, or not counted,
 * or the connection is another, begins a new epoch before anything is read.
 */
export class RedisCache {
  private readonly link: RedisLink;
  private readonly keys: SecretKeys;
  private readonly prefix: string;
  private readonly counts: string;
  /** The connection on which all changes heard were counted; undefined when some were not. */
  private vouchedFor: number | undefined;
  private beginning: Promise<void> | undefined;

  constructor({ link, keys, namespace }: RedisCacheOptions) {
    this.link = link;
    this.keys = keys;
    this.prefix = `aisle:cache:${namespace}`;
    this.counts = `${this.prefix}:changes`;
  }

  /**
   * To be called for every change, as soon as it is heard: commands on one connection are done in order, so what is read
   * from here on is compared with counts that have it.
   */
  heard(change: Change): void {
    if (change.table === undefined) this.vouchedFor = undefined;
    if (!this.isVouchedFor()) return;
    const counted = this.link.attempt((redis) => redis.eval(COUNT, 1, this.counts, ...changedNames(change)));
    void counted.then((answer) => {
      if (answer === undefined) this.vouchedFor = undefined;
    });
  }

  /** The answer for this key, if one is there and holds, and what to `keep` one with; undefined without Redis. */
  async look(
    key: string,
  ): Promise<{ readonly standing: Standing; readonly answer: SharedAnswer | undefined } | undefined> {
    if (!this.isVouchedFor()) await this.begin();
    if (!this.isVouchedFor()) return undefined;
    const found = await this.link.attempt((redis) =>
      Promise.all([redis.getBuffer(this.place(key)), redis.hmget(this.counts, 'epoch', 'sequence')]),
    );
    if (found === undefined || !this.isVouchedFor()) return undefined;
    const [bytes, [epoch, sequence]] = found;
    if (epoch == null) {
      this.vouchedFor = undefined; // Redis has dropped the counts
      return undefined;
    }
    const standing = { epoch, sequence: Number(sequence) };
    const answer = bytes === null ? undefined : await this.holding(key, bytes, epoch);
    return this.isVouchedFor() ? { standing, answer } : undefined;
  }

  async keep(key: string, answer: SharedAnswer, standing: Standing, ttlMs: number): Promise<void> {
    const bytes = seal(this.keys, key, JSON.stringify({ ...answer, ...standing }));
    await this.link.attempt((redis) => redis.set(this.place(key), bytes, 'PX', Math.ceil(ttlMs)));
  }

  state(): RedisState {
    return this.link.state();
  }

  private async holding(key: string, bytes: Buffer, epoch: string): Promise<SharedAnswer | undefined> {
    const opened = unseal(this.keys, key, bytes);
    const answer = opened === undefined ? undefined : sealed.safeParse(JSON.parse(opened)).data;
    if (answer === undefined || answer.epoch !== epoch) return undefined;
    const fields = answer.names.map((name) => `at ${name}`);
    const counts = await this.link.attempt((redis) => redis.hmget(this.counts, 'epoch', ...fields));
    const [stillEpoch, ...changedAt] = counts ?? [];
    const holds = stillEpoch === epoch && changedAt.every((at) => Number(at ?? 0) <= answer.sequence);
    return holds ? answer : undefined;
  }

  private isVouchedFor(): boolean {
    return this.vouchedFor === this.link.connection;
  }

  /** Several who find nothing to rely on begin one epoch together. */
  private begin(): Promise<void> {
    this.beginning ??= this.beginEpoch().finally(() => {
      this.beginning = undefined;
    });
    return this.beginning;
  }

  private async beginEpoch(): Promise<void> {
    const { connection } = this.link;
    const epoch = randomBytes(12).toString('base64url');
    this.vouchedFor = connection; // so that changes that are heard meanwhile are counted after it
    const begun = await this.link.attempt((redis) => redis.eval(BEGIN, 1, this.counts, epoch));
    if (begun === undefined) this.vouchedFor = undefined;
  }

  private place(key: string): string {
    return `${this.prefix}:${outsideName(this.keys, key)}`;
  }
}
