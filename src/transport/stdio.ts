import { randomUUID } from 'node:crypto';
import type { Readable, Writable } from 'node:stream';
import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio';
import { ALWAYS_HEARD } from '../kernel/hearing.ts';
import type { Principal } from '../kernel/principal.ts';
import { createServerFactory } from '../protocol/server-factory.ts';
import type { Serving } from '../protocol/serving.ts';
import { listenOverStdio } from './listening-over-stdio.ts';

export interface StdioTransportOptions {
  readonly serving: Serving;
  /** Whoever started the process; there is nobody else on a pipe. */
  readonly principal: Principal;
  readonly stdin?: Readable;
  /** Carries protocol messages and nothing else. */
  readonly stdout?: Writable;
  /** Longest message. Default 1 MiB; a longer one ends the connection. */
  readonly maxMessageBytes?: number;
}

export interface StdioTransport {
  /** Resolves when the connection has ended: stdin closed, stdout broken, or `close` called. */
  readonly closed: Promise<void>;
  /** Stops what is running and ends the connection. */
  close(): Promise<void>;
}

export function createStdioTransport(options: StdioTransportOptions): StdioTransport {
  const { serving, principal } = options;
  // The SDK aborts what runs when the connection ends; nobody else needs to.
  const { signal } = new AbortController();
  const caller = { principal, nextRequestId: randomUUID, signal };
  const makeServer = createServerFactory(serving, () => caller);
  const transport = new StdioServerTransport(
    options.stdin ?? process.stdin,
    options.stdout ?? process.stdout,
    {
      maxBufferSize: options.maxMessageBytes ?? 1_048_576,
    },
  );
  const handle = serveStdio(() => makeServer(ALWAYS_HEARD), {
    transport,
    onerror: (error) => serving.logger.debug('protocol_error', { error }),
  });
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  // serveStdio has put its own listener here, which ends the server instance.
  const endServer = transport.onclose;
  const { watches } = serving;
  const endListening = watches && listenOverStdio(transport, serving, watches, caller);
  transport.onclose = () => {
    endServer?.();
    endListening?.();
    resolve();
  };
  return { closed, close: () => handle.close() };
}
