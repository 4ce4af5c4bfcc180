import { readdirSync, readFileSync } from 'node:fs';

const TICKS_PER_SECOND = 100; // USER_HZ is 100 on all Linux architectures that Node supports

/** CPU time of a process in user and kernel, all its threads, in seconds; Linux only. Source: proc(5), utime and stime. */
export function cpuSeconds(pid: number): number {
  const [, , , , , , , , , , , utime, stime] = statOf(pid);
  return (Number(utime) + Number(stime)) / TICKS_PER_SECOND;
}

/** CPU time of a process, of its children that live and of those that it has waited for, in seconds; Linux only. */
export function treeCpuSeconds(root: number): number {
  const [, , , , , , , , , , , utime, stime, cutime, cstime] = statOf(root).map(Number);
  const own = (utime ?? 0) + (stime ?? 0) + (cutime ?? 0) + (cstime ?? 0);
  return childrenOf(root).reduce((sum, pid) => sum + unlessEnded(pid, cpuSeconds, 0), own / TICKS_PER_SECOND);
}

/** @throws {Error} when no such process runs */
export const parentOf = (pid: number): number => Number(statOf(pid)[1]);

function childrenOf(root: number): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((pid) => unlessEnded(pid, parentOf, 0) === root);
}

function unlessEnded(pid: number, of: (pid: number) => number, otherwise: number): number {
  try {
    return of(pid);
  } catch {
    return otherwise;
  }
}

/** The fields from the third on, which is the state: the second is the name, which may hold anything. */
function statOf(pid: number): readonly string[] {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}
