import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Load, LoadRequest } from './load.ts';
import { PEERS_FOLDER } from './peer-servers.ts';

/** What autocannon prints of latencies: milliseconds. */
interface Outcome {
  readonly requests: { readonly total: number };
  readonly latency: { readonly p50: number; readonly p99: number };
  readonly errors: number;
  readonly non2xx: number;
}

const MAIN = `${PEERS_FOLDER}/node_modules/autocannon/autocannon.js`;

/**
 * Sends the request `rate` times a second from `callers` connections, by autocannon. A call that is late delays none in the
 * reckoning: its time counts from when it was due (coordinated omission).
 */
export async function loadAtRate(
  { url, headers, body }: LoadRequest,
  { callers, seconds, core, rate }: { callers: number; seconds: number; core: number; rate: number },
): Promise<Pick<Load, 'calls' | 'failed' | 'p50' | 'p99'>> {
  const all = { 'Content-Type': 'application/json', ...headers };
  const { stdout } = await promisify(execFile)('taskset', [
    ...['-c', String(core), process.execPath, MAIN, '--json', '--no-progress', '-m', 'POST', '-b', body],
    ...['-c', String(callers), '-d', String(seconds), '-R', String(rate)],
    ...Object.entries(all).flatMap(([name, value]) => ['-H', `${name}=${value}`]),
    url,
  ]);
  const { requests, latency, errors, non2xx } = JSON.parse(stdout) as Outcome;
  return {
    ...{ calls: requests.total, failed: errors + non2xx },
    ...{ p50: Math.round(latency.p50 * 1000), p99: Math.round(latency.p99 * 1000) },
  };
}
