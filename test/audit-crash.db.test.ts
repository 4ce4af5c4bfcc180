/**
 * Threat: the process is killed, and with it the memory of what it did. Closed here, on the real server under load: each
 * refusal that was answered is in the log, and the reads that are missing were answered in the last tenth of a second. (Writes: a
 * tool that writes runs through the same pipeline in test/harness/writing-process.ts, since there is none yet.)
 */
import { describe, expect, it } from 'vitest';
import { placeOfEachTest, places } from './harness/places.ts';
import { startCli, startServer } from './harness/server-process.ts';

const SEATTLE = 'f47ac10b-58cc-4372-a567-0e02b2c3d479';
/** Answers of each kind that there are before the server is killed. */
const ENOUGH = { embedded: 12, postgres: 60 } as const;
/** Calls that are on their way at once. */
const CALLERS = { embedded: 4, postgres: 24 } as const;
const KINDS = ['read', 'denied', 'unknown'] as const;
/** What the audit promises of reads: none is missing that was answered longer before the end. */
const MAY_BE_MISSING_MS = 100;

interface Answered {
  readonly requestId: string;
  readonly kind: 'read' | 'denied' | 'unknown';
  /** When the answer was here, in milliseconds since 1970. */
  readonly at: number;
}

interface Record {
  readonly log: string;
  readonly request_id: string;
  readonly decision?: string;
  readonly status?: string;
}

/** Everything that the audit holds, and that its chains hold together. */
async function auditOf(options: readonly string[]): Promise<readonly Record[]> {
  const verify = startCli(['audit', 'verify', '--json', ...options]);
  expect(await verify.ended, verify.stderr()).toBe(0);
  expect(JSON.parse(verify.stdout())).toMatchObject({ found: 0, findings: [] });
  const exported = startCli(['audit', 'export', '--since', '2020-01-01', ...options]);
  expect(await exported.ended, exported.stderr()).toBe(0);
  return exported
    .stdout()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

describe.each(places)('on $name', ({ name }) => {
  const place = placeOfEachTest(name, { isMigrated: true });

  it('a server killed under load has told what it answered', async () => {
    const seeded = startCli(['seed', '--customers', '30', '--orders', '60', ...place.options]);
    expect(await seeded.ended, seeded.stderr()).toBe(0);
    const server = await startServer(place.options, { LOG_LEVEL: 'info' });
    const answered: Answered[] = [];
    const loading = new AbortController();
    let killedAt = 0;
    const kill = () => {
      if (killedAt > 0 || KINDS.some((kind) => countOf(answered, kind) < ENOUGH[name])) return;
      killedAt = Date.now();
      server.process.kill('SIGKILL');
      loading.abort();
    };
    await Promise.all(
      Array.from({ length: CALLERS[name] }, (_, n) => load(server.url, n, answered, loading.signal, kill)),
    );
    expect(await server.ended).toBe('SIGKILL');

    const records = await auditOf(place.options);
    const told = new Set(records.map(({ request_id: id }) => id));
    const missing = answered.filter(({ requestId }) => !told.has(requestId));
    expect(missing.filter(({ kind }) => kind !== 'read')).toEqual([]);
    // The last lines of its log went with the server.
    const saidAt = timesOf(server.stderr());
    const ages = missing.map(({ requestId, at }) => killedAt - (saidAt.get(requestId) ?? at));
    expect(ages.filter((ms) => ms > MAY_BE_MISSING_MS)).toEqual([]);
  });

  it('a process killed among writes has told of each that was answered, and of each that it ran', async () => {
    const migrated = startCli(['migrate', ...place.options]);
    expect(await migrated.ended, migrated.stderr()).toBe(0);
    const writer = startWriting(place.options);
    await writer.waitFor(/answered 12\n/);
    writer.process.kill('SIGKILL');
    expect(await writer.ended).toBe('SIGKILL');

    const records = await auditOf(place.options);
    const idsOf = (status: string) =>
      new Set(records.filter((r) => r.status === status).map((r) => r.request_id));
    const [begun, ok] = [idsOf('begun'), idsOf('ok')];
    const said = (word: string) =>
      [...writer.stdout().matchAll(new RegExp(`^${word} (\\d+)$`, 'gm'))].map(([, n]) => `w${n}`);
    expect(said('ran').filter((id) => !begun.has(id))).toEqual([]);
    expect(said('answered').filter((id) => !ok.has(id))).toEqual([]);
    expect(said('answered').length).toBeGreaterThanOrEqual(8);
  });
});

/** When the server said in its log that it answers a call, in milliseconds since 1970, by request id. */
function timesOf(log: string): ReadonlyMap<string, number> {
  const lines = log.split('\n').filter((line) => line.includes('"tool_call"') && line.endsWith('}'));
  return new Map(
    lines
      .map((line) => JSON.parse(line) as { request_id: string; timestamp: string })
      .map(({ request_id: id, timestamp }) => [id, Date.parse(timestamp)]),
  );
}

function countOf(answered: readonly Answered[], kind: Answered['kind']): number {
  return answered.filter((answer) => answer.kind === kind).length;
}

const startWriting = (options: readonly string[]) => startCli(options, {}, { script: WRITING });
const WRITING = new URL('./harness/writing-process.ts', import.meta.url).pathname;

/** Every third call is a read, a refused query, a caller whom nobody knows. */
async function load(
  url: string,
  caller: number,
  answered: Answered[],
  signal: AbortSignal,
  onAnswer: () => void,
): Promise<void> {
  for (let n = 0; !signal.aborted; n += 1) {
    const kind = KINDS[n % 3] ?? 'read';
    const requestId = `${kind}-${caller}-${n}`;
    const sql = kind === 'denied' ? 'SELECT pg_sleep(1)' : 'SELECT 1';
    const who = kind === 'unknown' ? '00000000-0000-4000-8000-000000000001' : SEATTLE;
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          ...{ 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
          ...{ 'x-rls-user-id': who, 'x-request-id': requestId },
        },
        body: JSON.stringify({
          ...{ jsonrpc: '2.0', id: 1, method: 'tools/call' },
          params: { name: 'execute_sales_query', arguments: { postgresql_query: sql } },
        }),
        signal,
      });
      await response.text();
      if (response.ok || response.status === 401) answered.push({ requestId, kind, at: Date.now() });
      onAnswer();
    } catch {
      return; // the server is gone
    }
  }
}
