import type { Socket } from 'node:net';

/**
 * Counts what arrives on a connection until it is told to stop, ahead of the parser: pg collects a message whole before it
 * shows it, and one value may be 1 GB. Past `maxBytes` the connection is closed, so no more than the chunk in hand is kept.
 */
export function limitBytes(stream: Socket, maxBytes: number, onExceeded: () => void): () => void {
  let bytes = 0;
  const count = (chunk: Buffer): void => {
    bytes += chunk.length;
    if (bytes <= maxBytes) return;
    stop();
    onExceeded();
    stream.destroy();
  };
  const stop = (): void => void stream.removeListener('data', count);
  stream.prependListener('data', count);
  return stop;
}
