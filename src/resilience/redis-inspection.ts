import type { Redis } from 'ioredis';
import { UnavailableError } from '../kernel/errors.ts';
import { isLoopback } from '../kernel/loopback.ts';

export interface RedisFacts {
  /** `host:port`, without user and password. */
  readonly address: string;
  readonly isRemote: boolean;
  readonly isEncrypted: boolean;
  readonly hasPassword: boolean;
  /** Median of a few PINGs. */
  readonly latencyMs: number;
  /** As `INFO` tells it, e.g. `7.2.4`. */
  readonly version: string;
  /** What Redis does when its memory is full, e.g. `noeviction`. */
  readonly evictionPolicy: string;
}

const PINGS = 5;
const TIMEOUT_MS = 2000;

/** Looks at the Redis of this URL, and changes nothing. Throws `UnavailableError` with what it said as the cause. */
export async function inspectRedis(url: string): Promise<RedisFacts> {
  const { Redis: Client } = await import('ioredis');
  const client = new Client(url, {
    lazyConnect: true,
    connectionName: 'aisle-doctor',
    connectTimeout: TIMEOUT_MS,
    commandTimeout: TIMEOUT_MS,
    retryStrategy: () => null,
  });
  let said: unknown;
  client.on('error', (error) => {
    said = error;
  });
  try {
    await client.connect();
    return { ...placeOf(url), latencyMs: await medianPing(client), ...(await infoOf(client)) };
  } catch (error) {
    throw new UnavailableError('Redis did not answer.', { cause: said ?? error });
  } finally {
    client.disconnect();
  }
}

function placeOf(url: string) {
  const { protocol, hostname, port, password } = new URL(url);
  return {
    address: `${hostname}:${port || 6379}`,
    isRemote: !isLoopback(hostname),
    isEncrypted: protocol === 'rediss:',
    hasPassword: password !== '',
  };
}

async function medianPing(client: Redis): Promise<number> {
  const took: number[] = [];
  for (let n = 0; n < PINGS; n += 1) {
    const began = performance.now();
    await client.ping();
    took.push(performance.now() - began);
  }
  return Math.round((took.toSorted((a, b) => a - b)[Math.floor(PINGS / 2)] ?? 0) * 10) / 10;
}

async function infoOf(client: Redis) {
  const info = `${await client.info('server')}\n${await client.info('memory')}`;
  const value = (name: string) => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1] ?? 'unknown';
  return { version: value('redis_version'), evictionPolicy: value('maxmemory_policy') };
}
