import { type ChildProcess, fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ConfigurationError, UnavailableError } from '../../kernel/errors.ts';
import type { ChildMessage } from './child.ts';

const EXTENSION = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
const STOP_TIMEOUT_MS = 10_000;
/** Making a new database takes seconds on a slow machine; one that isn't up by then never will be. */
const START_TIMEOUT_MS = 60_000;

/** Where to connect: a Unix socket's directory, or a loopback port on Windows. */
export interface EmbeddedAddress {
  readonly host: string;
  readonly port: number;
}

/**
 * The embedded database's process. PGlite computes in WebAssembly and blocks its thread, so it lives in a child: the
 * server goes on answering, and a query that overruns is ended with its process (the files survive; a new process is up
 * in well under a second).
 */
export class EmbeddedServer {
  private readonly directory: string;
  private readonly socketDirectory: string;
  private child: ChildProcess | undefined;
  private exited: Promise<void> = Promise.resolve();
  private starting: Promise<EmbeddedAddress> | undefined;
  private stopped = false;

  constructor(directory: string) {
    this.directory = resolve(directory);
    // In the temporary directory, since a socket's path is limited to 107 bytes and a data directory's is not.
    const tag = createHash('sha256').update(this.directory).digest('hex').slice(0, 8);
    this.socketDirectory = mkdtempSync(join(tmpdir(), `aisle-${tag}-`));
    chmodSync(this.socketDirectory, 0o700); // the socket asks for no password: the directory is the guard
  }

  /** Resolves when the database takes connections; starts it when it isn't running. */
  ready(): Promise<EmbeddedAddress> {
    if (this.stopped) return Promise.reject(new UnavailableError('The database is shutting down.'));
    this.starting ??= this.exited.then(() => this.start());
    return this.starting;
  }

  /** Ends the process at once, and with it the query that it is busy with. The next `ready()` starts a new one. */
  kill(): void {
    this.starting = undefined;
    this.child?.kill('SIGKILL');
  }

  /** Closes the database in good order. */
  async stop(): Promise<void> {
    this.stopped = true;
    const child = this.child;
    if (child !== undefined && child.exitCode === null && child.signalCode === null) {
      child.send('stop', (error) => error !== null && child.kill('SIGKILL'));
      const impatience = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
      await this.exited;
      clearTimeout(impatience);
    }
    rmSync(this.socketDirectory, { recursive: true, force: true });
  }

  private start(): Promise<EmbeddedAddress> {
    const windows = process.platform === 'win32';
    const socket = windows ? '' : join(this.socketDirectory, '.s.PGSQL.5432');
    const child = fork(new URL(`./child.${EXTENSION}`, import.meta.url), [this.directory, socket], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc', 'pipe'],
      execArgv: [],
    });
    this.child = child;
    this.exited = new Promise((done) => child.once('exit', () => done()));
    const impatience = setTimeout(() => child.kill('SIGKILL'), START_TIMEOUT_MS);
    return new Promise((started, failed) => {
      child.on('message', (message: ChildMessage) => {
        clearTimeout(impatience);
        if (message.kind === 'ready') started(this.address(message.address));
        else
          failed(
            message.configuration
              ? new ConfigurationError(message.message)
              : broken(this.directory, message.message),
          );
      });
      child.once('exit', (code, signal) => {
        clearTimeout(impatience);
        if (this.child === child) this.starting = undefined;
        failed(broken(this.directory, `its process ended (${signal ?? code})`));
      });
    });
  }

  private address(connection: string): EmbeddedAddress {
    if (process.platform !== 'win32') return { host: this.socketDirectory, port: 5432 };
    const [host = '127.0.0.1', port = '0'] = connection.split(':');
    return { host, port: Number(port) };
  }
}

function broken(directory: string, why: string): UnavailableError {
  return new UnavailableError(`The embedded database in ${directory} did not start: ${why}.`);
}
