import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { ConfigurationError } from '../../kernel/errors.ts';

/** Who holds a lock: a process id, and when that process began, since the system uses ids again. */
function holder(pid: number): string {
  return `${pid} ${startTime(pid)}`;
}

/** Start of a process in clock ticks since boot (field 22 of /proc/<pid>/stat); empty where there is no /proc. */
function startTime(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

function isAlive(lock: string): boolean {
  const pid = Number(lock.split(' ')[0]);
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return lock === holder(pid);
}

const PATIENCE_MS = 3000;
const RETRY_MS = 50;

/**
 * `lockDirectory`, but waits a moment for a holder that is on its way out: a killed server's database process notices
 * and ends within milliseconds.
 */
export async function lockDirectorySoon(directory: string): Promise<() => void> {
  for (const giveUp = performance.now() + PATIENCE_MS; ; ) {
    try {
      return lockDirectory(directory);
    } catch (error) {
      if (!(error instanceof ConfigurationError) || performance.now() > giveUp) throw error;
      await setTimeout(RETRY_MS);
    }
  }
}

/**
 * Takes a data directory for this process alone, until `release` or its end however it comes: a lock whose holder is
 * gone is taken over. Throws `ConfigurationError` when another process has the directory open.
 */
function lockDirectory(directory: string): () => void {
  const path = join(directory, 'lock');
  const mine = join(directory, `lock.${process.pid}`);
  writeFileSync(mine, holder(process.pid));
  try {
    for (;;) {
      try {
        linkSync(mine, path); // link is the one atomic "create unless it exists" that also carries content
        return () => rmSync(path, { force: true });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      takeOverOrThrow(path, directory);
    }
  } finally {
    rmSync(mine, { force: true });
  }
}

function takeOverOrThrow(path: string, directory: string): void {
  let found: string;
  try {
    found = readFileSync(path, 'utf8');
  } catch {
    return; // released meanwhile
  }
  if (isAlive(found)) {
    throw new ConfigurationError(
      `The data directory ${directory} is in use by process ${found.split(' ')[0]}. Stop that server, or give this one another --data-dir.`,
    );
  }
  const stale = `${path}.stale.${process.pid}`;
  try {
    renameSync(path, stale);
    // Between reading and renaming, another process may have taken the stale lock over: then this one is its, and alive.
    if (readFileSync(stale, 'utf8') !== found) linkSync(stale, path);
    rmSync(stale, { force: true });
  } catch {
    // another process took it over first: look again
  }
}
