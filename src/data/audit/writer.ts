import { setImmediate as nextTurn } from 'node:timers/promises';
import type { CallLog, CallRecord, SecurityLog } from '../../kernel/audit.ts';
import { type Clock, systemClock } from '../../kernel/clock.ts';
import { UnavailableError } from '../../kernel/errors.ts';
import type { Logger } from '../../kernel/logger.ts';
import type { SecretKeys } from '../../kernel/secret-keys.ts';
import { within } from '../../kernel/within.ts';
import type { AuditEntry, AuditHead } from './append.ts';
import { AUDIT_PURPOSE } from './chain.ts';
import { callEntry, eventEntry, rowMemory } from './rows.ts';
import type { AuditStore } from './store.ts';

export interface AuditWriterOptions {
  readonly store: Pick<AuditStore, 'append'>;
  readonly keys: Pick<SecretKeys, 'current'>;
  readonly logger: Logger;
  readonly clock?: Clock;
  /** Milliseconds that a record nobody waits for stays in the queue before it is sent. Default 50. */
  readonly batchMs?: number;
  /** Milliseconds of answered reads that a process may take with it when it is killed: while the oldest record in the queue
   * is older than this, a read is not answered before its own is committed. Default 100. */
  readonly lossMs?: number;
  /** Records that wait at once; whoever brings more waits for room. Default 10,000. */
  readonly capacity?: number;
  /** Milliseconds that anybody waits for a commit or for room. Default 5000. */
  readonly waitMs?: number;
}

/** A log that is written by one at a time: what comes meanwhile shares the next transaction. */
export interface AuditWriter extends CallLog, SecurityLog {
  /** Writes what is in the queue; from then on nothing is taken. */
  close(): Promise<void>;
}

interface Item {
  /** Made when it is sent, which is when its caller has been answered, unless it waits. */
  readonly encode: () => AuditEntry;
  /** By the monotonic clock. */
  readonly addedAt: number;
  readonly committed?: PromiseWithResolvers<void>;
}

const BATCH = 500;
/** Records that are encoded in one go: calls that come meanwhile wait for no more than these. */
const AT_ONCE = 16;
const FIRST_BACKOFF_MS = 100;
/** Nobody is answered until it has looked again: a database that is back must not be kept waiting. */
const LAST_BACKOFF_MS = 1000;
/** How often the end of each chain goes into the server's log, out of reach of whoever could rewind the database's. */
const ANCHOR_MS = 60_000;

const DOWN = 'Nothing can be recorded in the audit log at the moment, so this is not done.';

const down = () => new UnavailableError(DOWN, { retryAfterSeconds: LAST_BACKOFF_MS / 1000 });

export function createAuditWriter(options: AuditWriterOptions): AuditWriter {
  const { store, keys, logger, clock = systemClock } = options;
  const { batchMs = 50, lossMs = 100, capacity = 10_000, waitMs = 5000 } = options;
  const queue: Item[] = [];
  const room: (() => void)[] = [];
  const anchors = new Map<string, number>();
  const memory = rowMemory();
  let running: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let wake = () => {};
  let isFailing = false;
  let isClosed = false;

  async function add(item: Item): Promise<void> {
    if (queue.length >= capacity) await makeRoom();
    if (isClosed) throw down();
    queue.push(item);
    schedule(item.committed === undefined ? batchMs : 0);
  }

  /** A full queue slows whoever fills it; while nothing gets out of it, there is no use in waiting. */
  async function makeRoom(): Promise<void> {
    if (isFailing) throw down();
    const { promise, resolve } = Promise.withResolvers<void>();
    room.push(resolve);
    await within(promise, waitMs, down);
    if (queue.length >= capacity) await makeRoom();
  }

  async function addAndWait(encode: () => AuditEntry): Promise<void> {
    const committed = Promise.withResolvers<void>();
    committed.promise.catch(() => {});
    const wasFailing = isFailing;
    await add({ encode, committed, addedAt: clock.monotonic() });
    if (wasFailing) throw down(); // it is written when that is over, and nobody waits for it
    await within(committed.promise, waitMs, down);
  }

  function schedule(ms: number): void {
    if (running !== undefined) return;
    if (ms === 0) {
      clearTimeout(timer);
      timer = undefined;
      // Once round the event loop, so that whoever comes in the same turn shares the transaction.
      running = new Promise<void>((soon) => setImmediate(soon)).then(run);
    } else timer ??= setTimeout(() => schedule(0), ms);
  }

  async function run(): Promise<void> {
    let backoffMs = FIRST_BACKOFF_MS;
    while (queue.length > 0) {
      const batch = queue.slice(0, BATCH);
      const entries = await encodedInTurns(batch);
      backoffMs = FIRST_BACKOFF_MS;
      for (let attempt = 1; !(await send(entries, attempt)); attempt += 1) {
        for (const { committed } of queue) committed?.reject(down());
        if (isClosed) {
          running = undefined;
          return;
        }
        await new Promise<void>((over) => {
          wake = over;
          setTimeout(over, backoffMs).unref();
        });
        backoffMs = Math.min(backoffMs * 2, LAST_BACKOFF_MS);
      }
      queue.splice(0, batch.length);
      for (const { committed } of batch) committed?.resolve();
      for (const enter of room.splice(0)) enter();
      if (queue.every(({ committed }) => committed === undefined) && queue.length < BATCH && !isClosed) break;
    }
    running = undefined;
    if (queue.length > 0) schedule(batchMs);
  }

  async function encodedInTurns(batch: readonly Item[]): Promise<readonly AuditEntry[]> {
    const entries: AuditEntry[] = [];
    for (const item of batch) {
      if (entries.length > 0 && entries.length % AT_ONCE === 0) await nextTurn();
      entries.push(encoded(item));
    }
    return entries;
  }

  /** A record that can't be written as it is must not hold up all others, nor pass unseen. */
  function encoded({ encode }: Item): AuditEntry {
    try {
      return encode();
    } catch (error) {
      logger.error('audit_record_unreadable', { error });
      const event = {
        type: 'audit_record_unreadable',
        action: 'record',
        success: false,
        severity: 'ERROR',
      } as const;
      return eventEntry(event, clock.now());
    }
  }

  /** True when the entries are committed. */
  async function send(entries: readonly AuditEntry[], attempt: number): Promise<boolean> {
    try {
      const heads = await store.append(keys.current(AUDIT_PURPOSE), entries);
      anchor(heads);
    } catch (error) {
      // The commit of the attempt before had arrived, and only its answer had not.
      if (!(attempt > 1 && isDuplicate(error))) {
        if (!isFailing) logger.error('audit_unavailable', { error, waiting: queue.length });
        isFailing = true;
        return false;
      }
    }
    if (isFailing) logger.warn('audit_available_again', { attempts: attempt });
    isFailing = false;
    return true;
  }

  function anchor(heads: readonly AuditHead[]): void {
    for (const { partition, length, mac } of heads) {
      const said = anchors.get(partition);
      if (said !== undefined && clock.monotonic() - said < ANCHOR_MS && !isClosed) continue;
      anchors.set(partition, clock.monotonic());
      logger.info('audit_anchor', { partition, length, mac: mac.toString('hex') });
    }
  }

  return {
    commit: (call) => addAndWait(() => callEntry(call, memory)),
    enqueue: (call: CallRecord) => {
      const encode = () => callEntry(call, memory);
      const addedAt = clock.monotonic();
      const [oldest] = queue;
      if (oldest !== undefined && addedAt - oldest.addedAt >= lossMs) return addAndWait(encode);
      return add({ encode, addedAt });
    },
    record: (event) => {
      const at = clock.now();
      return addAndWait(() => eventEntry(event, at));
    },
    async close() {
      isClosed = true;
      wake();
      if (queue.length > 0) schedule(0);
      await within(running ?? Promise.resolve(), waitMs, down).catch(() => {});
      for (const enter of room.splice(0)) enter();
      if (queue.length > 0) logger.error('audit_records_lost', { records: queue.length });
    },
  };
}

/** By the key that each record brings along, and by no other: a place in the chain that is taken is no sign of that. */
function isDuplicate(error: unknown): boolean {
  if (!(error instanceof Error && 'code' in error && error.code === '23505')) return false;
  return 'constraint' in error && typeof error.constraint === 'string' && error.constraint.endsWith('_pkey');
}
