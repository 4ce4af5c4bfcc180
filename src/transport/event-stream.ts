import { Readable } from 'node:stream';

/** How often the SDK's streams say that they are alive. */
const KEEP_ALIVE_MS = 15_000;

/**
 * A stream of one event, as text once it is there. Where it takes its time, a real stream, with a comment now and then, so
 * that no proxy takes the connection for dead.
 */
export async function eventStream(
  message: Promise<string>,
  keepAliveMs = KEEP_ALIVE_MS,
): Promise<string | Readable> {
  const event = message.then((data) => `event: message\ndata: ${data}\n\n`);
  return (await soon(event, keepAliveMs)) ?? Readable.from(kept(event, keepAliveMs));
}

async function* kept(event: Promise<string>, keepAliveMs: number): AsyncGenerator<string> {
  let next: string | undefined;
  while (next === undefined) {
    yield ': keepalive\n\n';
    next = await soon(event, keepAliveMs);
  }
  yield next;
}

/** What comes within `ms` milliseconds, or undefined. */
async function soon(event: Promise<string>, ms: number): Promise<string | undefined> {
  const { promise: late, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(resolve, ms, undefined);
  try {
    return await Promise.race([event, late]);
  } finally {
    clearTimeout(timer);
  }
}
