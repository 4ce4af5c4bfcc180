import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Config } from '../config.ts';
import { makeDirectory } from '../data/make-directory.ts';

/** A server that has the embedded database open, so that the command line asks it instead of opening it a second time. */
export interface RunningServer {
  readonly url: string;
  /** Id of each identity, by its slug. */
  readonly subjects: Readonly<Record<string, string>>;
}

const NOTE = z.object({ pid: z.number().int(), url: z.url(), subjects: z.record(z.string(), z.string()) });

const PROBE_MS = 2000;

const notePath = (config: Config) => join(config.DATA_DIR, 'server.json');

/** Leaves word of this process in the data directory; returns how to take it away. A server on PostgreSQL needs none. */
export async function announceServer(config: Config, server: RunningServer): Promise<() => Promise<void>> {
  if (config.DATABASE_URL !== undefined) return async () => {};
  makeDirectory(config.DATA_DIR);
  await writeFile(notePath(config), JSON.stringify({ pid: process.pid, ...server }));
  return () => rm(notePath(config), { force: true });
}

/** The server that runs on the data directory of these settings; undefined when none does. */
export async function findServer(config: Config): Promise<RunningServer | undefined> {
  if (config.DATABASE_URL !== undefined) return undefined;
  try {
    const note = NOTE.parse(JSON.parse(await readFile(notePath(config), 'utf8')));
    process.kill(note.pid, 0); // throws when that process is gone
    // The system may have given its number to another process since: only an answer proves that it serves.
    const health = await fetch(new URL('/health/live', note.url), { signal: AbortSignal.timeout(PROBE_MS) });
    return health.ok ? { url: note.url, subjects: note.subjects } : undefined;
  } catch {
    return undefined;
  }
}
