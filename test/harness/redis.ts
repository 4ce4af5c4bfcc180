/** The tests' Redis, when TEST_REDIS_URL names one, and a way to take it away from whoever uses it. */
import { once } from 'node:events';
import { type AddressInfo, connect as connectTcp, createServer, type Socket } from 'node:net';

/** Empty without TEST_REDIS_URL, as lists of databases are without TEST_DATABASE_URL. */
export const redisUrls: readonly string[] = [process.env.TEST_REDIS_URL ?? []].flat();

export interface FlakyRedis {
  readonly url: string;
  /** Every connection ends, and none is taken. */
  cut(): void;
  /** Connections stay, and nothing comes back until it is mended: then all of it, as from a network that stood still. */
  silence(): void;
  mend(): void;
  close(): Promise<void>;
}

/** Between a client and Redis. */
export async function flaky(redisUrl: string): Promise<FlakyRedis> {
  const { hostname, port } = new URL(redisUrl);
  const sockets = new Set<Socket>();
  const upstreams = new Set<Socket>();
  let mode: 'open' | 'silent' | 'cut' = 'open';
  const server = createServer((socket) => {
    if (mode === 'cut') {
      socket.destroy();
      return;
    }
    const upstream = connectTcp(Number(port), hostname);
    for (const end of [socket, upstream]) {
      sockets.add(end);
      end
        .on('error', () => {})
        .on('close', () => {
          sockets.delete(end);
          upstreams.delete(upstream);
          socket.destroy();
          upstream.destroy();
        });
    }
    socket.pipe(upstream);
    upstream.on('data', (chunk) => socket.write(chunk));
    upstreams.add(upstream);
    if (mode === 'silent') upstream.pause();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut() {
      mode = 'cut';
      for (const socket of sockets) socket.destroy();
    },
    silence: () => {
      mode = 'silent';
      for (const upstream of upstreams) upstream.pause();
    },
    mend: () => {
      mode = 'open';
      for (const upstream of upstreams) upstream.resume();
    },
    async close() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
}
