import { Command, InvalidArgumentError } from 'commander';
import { createLogger } from '../app/logging.ts';
import { type RunningHttp, serveHttp, serveStdio } from '../app/serve.ts';
import type { Config } from '../config.ts';
import { CancelledError, ConfigurationError } from '../kernel/errors.ts';
import { banner } from './banner.ts';
import { configFor, type DataOptions, withDataOptions } from './options.ts';
import { type Progress, progressBar, type Terminal } from './terminal.ts';

interface ServeOptions extends DataOptions {
  readonly host?: string;
  readonly port?: string;
  readonly demo?: true;
  readonly as?: string;
  readonly stdio?: true;
  readonly conformance?: true;
}

function portNumber(text: string): string {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535)
    throw new InvalidArgumentError('It must be a number from 0 to 65535.');
  return text;
}

export function serveCommand(terminal: Terminal): Command {
  const command = new Command('serve')
    .description('serve MCP over HTTP, or over stdio with --stdio')
    .option('--host <address>', 'address to listen on (HOST); without authentication, loopback only')
    .option('--port <number>', 'port to listen on, 0 for a free one (PORT)', portNumber)
    .option('--demo', 'fill an empty database with the demo retailer first')
    .option('--as <identity>', 'everybody is this identity, e.g. seattle; needed with --stdio')
    .option('--stdio', 'serve one client over standard input and output')
    .option('--conformance', "add the fixtures of the protocol's conformance suite; in development only");
  return withDataOptions(command).action(async (options: ServeOptions) => {
    const config = await configFor(options, { HOST: options.host, PORT: options.port });
    const shutdown = onShutdownSignals(terminal);
    const seeding = seedingBar(terminal);
    const request = {
      demo: options.demo === true,
      as: options.as,
      conformance: options.conformance === true,
      signal: shutdown.signal,
      onSeeding: seeding.update,
    };
    const logger = createLogger({ level: config.LOG_LEVEL });
    try {
      if (options.stdio === true) {
        await serveStdio(config, request, logger);
        return;
      }
      const server = await serveHttp(config, request, logger);
      seeding.stop();
      await untilShutdown(config, server, shutdown.signal, terminal);
    } catch (error) {
      if (!(error instanceof CancelledError) || !shutdown.signal.aborted) throw error;
      terminal.err('Stopped before it was ready; nothing was left half-done.');
    } finally {
      seeding.stop();
      shutdown.forget();
    }
  });
}

async function untilShutdown(
  config: Config,
  server: RunningHttp,
  signal: AbortSignal,
  terminal: Terminal,
): Promise<void> {
  terminal.out(banner(server.url, server.subjects, config));
  if (!signal.aborted) await new Promise((told) => signal.addEventListener('abort', told, { once: true }));
  await server.close();
  terminal.err('Stopped.');
}

/** A bar that appears with the first row, so that a database which is seeded already shows none. */
function seedingBar(terminal: Terminal): Progress {
  let bar: Progress | undefined;
  return {
    update(done, total) {
      bar ??= progressBar('Seeding the demo retailer', 'rows', terminal);
      bar.update(done, total);
    },
    stop() {
      bar?.stop();
      bar = undefined;
    },
  };
}

/** The first SIGINT or SIGTERM asks for a drain, the second ends the process. */
function onShutdownSignals({ err }: Terminal): { readonly signal: AbortSignal; forget(): void } {
  const controller = new AbortController();
  const onSignal = (): void => {
    if (controller.signal.aborted) {
      err('Forced.');
      process.exit(1);
    }
    err('Shutting down: calls in flight finish first. Press Ctrl-C again to force.');
    controller.abort(new ConfigurationError('Asked to stop.'));
  };
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const name of signals) process.on(name, onSignal);
  return {
    signal: controller.signal,
    forget: () => {
      for (const name of signals) process.off(name, onSignal);
    },
  };
}
