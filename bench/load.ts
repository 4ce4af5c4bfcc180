import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export interface LoadRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** One line. `AISLE_TURN` in it becomes the number of the request when `varying`. */
  readonly body: string;
  readonly varying?: boolean;
  /** Milliseconds that each connection pauses between an answer and its next request. Default 0. */
  readonly pauseMs?: number;
}

export interface Load {
  readonly calls: number;
  /** Connections that broke, and answers whose status is not 2xx or 3xx. */
  readonly failed: number;
  readonly seconds: number;
  /** All that was received, headers too. */
  readonly bytes: number;
  /** Microseconds. */
  readonly p50: number;
  readonly p99: number;
}

const SCRIPT = fileURLToPath(new URL('load.lua', import.meta.url));
const run = promisify(execFile);

/** Sends the request over and over from `callers` connections by wrk, which takes a few microseconds for each, on the core named. */
export async function load(
  request: LoadRequest,
  { callers, seconds, core }: { callers: number; seconds: number; core: number },
): Promise<Load> {
  const folder = await mkdtemp(join(tmpdir(), 'aisle-load-'));
  try {
    const file = join(folder, 'request');
    const headers = { 'Content-Type': 'application/json', ...request.headers };
    const lines = [
      ...Object.entries(headers).map(([name, value]) => `header:${name}\t${value}`),
      `body\t${request.body}`,
      ...(request.varying === true ? ['varying\tyes'] : []),
      ...(request.pauseMs === undefined ? [] : [`pause\t${request.pauseMs}`]),
    ];
    await writeFile(file, `${lines.join('\n')}\n`, { mode: 0o600 });
    const { stdout } = await run(
      'taskset',
      ['-c', String(core), 'wrk', '-t1', `-c${callers}`, `-d${seconds}s`, '-s', SCRIPT, request.url],
      { env: { ...process.env, AISLE_LOAD_REQUEST: file } },
    );
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Load;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** wrk looks at no body: an answer that is an error is found here. */
export async function answersAsItShould({ url, headers, body }: LoadRequest): Promise<void> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body,
  });
  const text = await answer.text();
  if (!answer.ok || /"isError":true|"error":\{/.test(text))
    throw new RangeError(`${url}: ${text.slice(0, 500)}`);
}
