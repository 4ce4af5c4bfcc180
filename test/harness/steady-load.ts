/** Callers of several stores who ask a server over HTTP at a steady rate, and what each was told. */
import { HEAD_OFFICE, NORTH, SOUTH } from './two-stores.ts';

export interface Told {
  /** By the monotonic clock. */
  readonly began: number;
  readonly ended: number;
  /** `right`: the rows of the caller's own stores. `refused`: unavailable or busy, with what to do. Anything else is `wrong`. */
  readonly outcome: 'right' | 'refused' | 'wrong';
  /** Where a right answer came from; of others, what was said. */
  readonly detail: string;
}

export interface Load {
  readonly told: readonly Told[];
  /** Resolves when a call that began after now was answered rightly by the database; with when. Rejects when it is stopped. */
  answered(): Promise<number>;
  /** Resolves with all that was told when every call has ended. */
  stop(): Promise<readonly Told[]>;
}

const CALLERS = 8;
/** 50 calls/s in all. */
const EVERY_MS = 160;
const OF_NORTH = [NORTH.storeId, 'O-0'];
const OF_SOUTH = [SOUTH.storeId, 'O-1'];
const IDENTITIES = [
  { subject: NORTH.principal.subject, rows: [OF_NORTH] },
  { subject: SOUTH.principal.subject, rows: [OF_SOUTH] },
  { subject: HEAD_OFFICE.subject, rows: [OF_NORTH, OF_SOUTH] },
];

/**
 * `text(n)` is the comment of the n-th call: what has another text has another place in the cache. Each caller asks every
 * `everyMs` milliseconds.
 */
export function steadyLoad(url: string, text: (n: number) => string = String, everyMs = EVERY_MS): Load {
  const told: Told[] = [];
  const running = new Set<Promise<void>>();
  let n = 0;
  let isStopped = false;
  const ask = async () => {
    const began = performance.now();
    const identity = IDENTITIES[n % IDENTITIES.length];
    const sql = `SELECT store_id, order_number FROM orders ORDER BY store_id -- ${text(n++)}`;
    const verdict = await asked(url, identity?.subject ?? '', sql, identity?.rows ?? []);
    told.push({ began, ended: performance.now(), ...verdict });
  };
  const timers = Array.from({ length: CALLERS }, (_, caller) => {
    const delay = (caller * everyMs) / CALLERS;
    return { delay, timer: undefined as NodeJS.Timeout | undefined };
  });
  const call = () => {
    const asking = ask().finally(() => running.delete(asking));
    running.add(asking);
  };
  for (const one of timers)
    one.timer = setTimeout(() => {
      call();
      one.timer = setInterval(call, everyMs);
    }, one.delay);
  return {
    told,
    async answered() {
      const now = performance.now();
      for (;;) {
        const first = told.find(
          ({ began, outcome, detail }) => began >= now && outcome === 'right' && detail === 'computed',
        );
        if (first !== undefined) return first.ended;
        if (isStopped) throw new RangeError('the load was stopped before a right answer');
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
    async stop() {
      isStopped = true;
      for (const { timer } of timers) clearTimeout(timer);
      await Promise.all(running);
      return told;
    },
  };
}

async function asked(
  url: string,
  subject: string,
  sql: string,
  rows: readonly (readonly string[])[],
): Promise<Pick<Told, 'outcome' | 'detail'>> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'x-rls-user-id': subject,
    },
    body: JSON.stringify({
      ...{ jsonrpc: '2.0', id: 1, method: 'tools/call' },
      params: { name: 'execute_sales_query', arguments: { postgresql_query: sql } },
    }),
  });
  const body = (await response.text()).replace(/^(?:event: message\n|data: |: .*\n)+/gm, '');
  const { result, error } = JSON.parse(body) as Answer;
  if (result !== undefined && result.isError !== true) {
    const isRight = JSON.stringify(result.structuredContent?.rows) === JSON.stringify(rows);
    return {
      outcome: isRight ? 'right' : 'wrong',
      detail: isRight ? (result._meta?.['aisle/cache'].from ?? '') : body,
    };
  }
  const said: Failure =
    result === undefined
      ? { code: error?.data?.code, message: error?.message }
      : JSON.parse(result.content[0]?.text ?? '{}');
  const isClear =
    (said.code === 'UNAVAILABLE' || said.code === 'BUSY') && said.message?.includes('Try again') === true;
  return { outcome: isClear ? 'refused' : 'wrong', detail: `${said.code} ${said.message}` };
}

interface Failure {
  readonly code?: string | undefined;
  readonly message?: string | undefined;
}

interface Answer {
  readonly result?: {
    readonly isError?: boolean;
    readonly content: readonly { readonly text: string }[];
    readonly structuredContent?: { readonly rows: unknown };
    readonly _meta?: { readonly 'aisle/cache': { readonly from: string } };
  };
  readonly error?: { readonly message: string; readonly data?: { readonly code: string } };
}
