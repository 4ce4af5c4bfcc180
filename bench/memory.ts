import { readFileSync } from 'node:fs';

export interface Memory {
  /** Resident, in MiB. */
  readonly all: number;
  /** Of it what the process takes for itself: without mapped files, which processes share. */
  readonly own: number;
}

/** What a backend of PostgreSQL holds now besides shared_buffers, in MiB; Linux only. Source: proc(5), smaps. */
export function backendMemoryMiB(pid: number): number {
  const mappings = readFileSync(`/proc/${pid}/smaps`, 'utf8').split(/^(?=[\da-f]+-[\da-f]+ )/m);
  const kib = mappings
    .filter((mapping) => !mapping.includes(' /dev/zero'))
    .map((mapping) => Number(/^Rss:\s+(\d+) kB$/m.exec(mapping)?.[1] ?? 0));
  return kib.reduce((sum, value) => sum + value, 0) / 1024;
}

/** What a process holds now; Linux only. Source: proc(5), status. */
export function memoryOf(pid: number): Memory {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const field = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]) / 1024;
  return { all: field('VmRSS'), own: field('RssAnon') };
}
