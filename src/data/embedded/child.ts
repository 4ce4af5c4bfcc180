import { chmodSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm';
import { unaccent } from '@electric-sql/pglite/contrib/unaccent';
import { vector } from '@electric-sql/pglite-pgvector';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import { AisleError } from '../../kernel/errors.ts';
import { makeDirectory } from '../make-directory.ts';
import { lockDirectorySoon } from './directory-lock.ts';

/** What the child tells its parent. */
export type ChildMessage =
  | { readonly kind: 'ready'; readonly address: string }
  | { readonly kind: 'failed'; readonly message: string; readonly configuration: boolean };

/** `argv`: the data directory, and the Unix socket to listen on (empty: a loopback port). */
const [, , directory = '', socketPath = ''] = process.argv;

function tell(message: ChildMessage): void {
  process.send?.(message);
}

/** A directory whose making was cut off is not a database: made again from nothing. */
async function openDatabase(): Promise<PGlite> {
  const files = join(directory, 'pg');
  const unfinished = join(directory, 'pg.unfinished');
  if (existsSync(unfinished)) rmSync(files, { recursive: true, force: true });
  const isNew = !existsSync(files);
  if (isNew) writeFileSync(unfinished, '');
  const db = await PGlite.create({ dataDir: files, extensions: { vector, pg_trgm, unaccent } });
  if (isNew) rmSync(unfinished);
  return db;
}

async function main(): Promise<void> {
  new Worker(
    new URL(import.meta.url.endsWith('.ts') ? './lifeline.ts' : './lifeline.js', import.meta.url),
  ).unref();
  // Ctrl-C reaches the whole process group; the parent drains first and then says "stop".
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => {});

  // Nobody else on this machine is to read it: umask for what PGlite makes, mode for a directory that is there already.
  process.umask(0o077);
  makeDirectory(directory);
  if (process.platform !== 'win32') chmodSync(directory, 0o700);
  const release = await lockDirectorySoon(directory);
  const db = await openDatabase();
  if (socketPath !== '') rmSync(socketPath, { force: true });
  // Two, because a connection that was just dropped is still being closed when its successor arrives.
  const server = new PGLiteSocketServer({
    db,
    maxConnections: 2,
    ...(socketPath === '' ? { port: 0 } : { path: socketPath }),
  });
  await server.start();

  process.on('message', async (message) => {
    if (message !== 'stop') return;
    await server.stop();
    await db.close();
    release();
    process.exit(0);
  });
  tell({ kind: 'ready', address: server.getServerConn() });
}

/** A directory that can't be made, read or written: the settings are wrong, not the database. */
function isFileProblem(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return ['EACCES', 'EPERM', 'EROFS', 'ENOENT', 'ENOTDIR', 'EEXIST', 'ENOSPC'].includes(code);
}

main().catch((error: unknown) => {
  const why = error instanceof Error ? error.message : String(error);
  const fileProblem = isFileProblem(error);
  tell({
    kind: 'failed',
    message: fileProblem
      ? `The data directory ${directory} can not be used (${why}). Choose another with --data-dir or DATA_DIR.`
      : why,
    configuration: fileProblem || error instanceof AisleError,
  });
  process.exitCode = 1;
  process.disconnect?.();
});
