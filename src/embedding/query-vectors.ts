import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { outsideName, seal, unseal } from '../cache/seal.ts';
import { type Clock, systemClock } from '../kernel/clock.ts';
import type { Embedding } from '../kernel/embedding.ts';
import type { SecretKeys } from '../kernel/secret-keys.ts';
import type { RedisLink } from '../resilience/redis-link.ts';

/** Seven days from when it was made, wherever it lies. A model that changes gets another version, and with it other keys. */
const TTL_MS = 7 * 24 * 3_600_000;
/** Of this process: some 2,500 vectors of 1,536 numbers. */
const MEMORY_BYTES = 16 * 1024 * 1024;
const OVERHEAD_BYTES = 256;

interface Kept {
  readonly vector: Embedding;
  /** Milliseconds since 1970: it counts on several machines. */
  readonly expiresAt: number;
}

const sealed = z.object({ vector: z.base64(), expiresAt: z.number() });

export interface QueryVectorsOptions {
  /** Whether this process keeps them itself. */
  readonly memory: boolean;
  /** Where all servers keep them, encrypted. */
  readonly redis?: { readonly link: RedisLink; readonly keys: SecretKeys } | undefined;
  readonly clock?: Clock;
}

/** Vectors of what was searched for, for who searches for it again. What can't be read is as good as not there. */
export class QueryVectors {
  private readonly memory: LRUCache<string, Kept> | undefined;
  private readonly redis: QueryVectorsOptions['redis'];
  private readonly clock: Clock;

  constructor({ memory, redis, clock = systemClock }: QueryVectorsOptions) {
    this.redis = redis;
    this.clock = clock;
    this.memory = memory
      ? new LRUCache({
          maxSize: MEMORY_BYTES,
          sizeCalculation: ({ vector }, key) => vector.byteLength + 2 * key.length + OVERHEAD_BYTES,
        })
      : undefined;
  }

  async find(key: string, dimensions: number): Promise<Embedding | undefined> {
    const near = this.memory?.get(key);
    if (near !== undefined && this.holds(near)) return near.vector;
    const far = await this.fromRedis(key, dimensions);
    if (far === undefined || !this.holds(far)) return undefined;
    this.memory?.set(key, far);
    return far.vector;
  }

  async keep(key: string, vector: Embedding): Promise<void> {
    const expiresAt = this.clock.now() + TTL_MS;
    this.memory?.set(key, { vector, expiresAt });
    if (this.redis === undefined) return;
    const { link, keys } = this.redis;
    const bytes = Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength);
    const text = JSON.stringify({ vector: bytes.toString('base64'), expiresAt });
    await link.attempt((redis) => redis.set(place(keys, key), seal(keys, key, text), 'PX', TTL_MS));
  }

  private holds({ expiresAt }: Kept): boolean {
    return this.clock.now() < expiresAt;
  }

  private async fromRedis(key: string, dimensions: number): Promise<Kept | undefined> {
    if (this.redis === undefined) return undefined;
    const { link, keys } = this.redis;
    const bytes = await link.attempt((redis) => redis.getBuffer(place(keys, key)));
    const text = bytes == null ? undefined : unseal(keys, key, bytes);
    const found = text === undefined ? undefined : sealed.safeParse(JSON.parse(text)).data;
    if (found === undefined) return undefined;
    const stored = Buffer.from(found.vector, 'base64');
    if (stored.byteLength !== dimensions * Float32Array.BYTES_PER_ELEMENT) return undefined;
    // A copy: a Buffer of Node's begins anywhere, a Float32Array only at a multiple of four.
    const vector = new Float32Array(new Uint8Array(stored).buffer);
    return { vector, expiresAt: found.expiresAt };
  }
}

function place(keys: SecretKeys, key: string): string {
  return `aisle:query-vector:${outsideName(keys, key)}`;
}
