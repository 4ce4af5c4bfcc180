/** Threat: what was done is forgotten when the database is slow, away, or the queue is full. Closed here: nothing fails open. */
import { setImmediate, setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { callBy, TEST_KEYS } from '../../../test/harness/audited.ts';
import { NORTH } from '../../../test/harness/two-stores.ts';
import { UnavailableError } from '../../kernel/errors.ts';
import { createLogger } from '../../telemetry/logger.ts';
import type { AuditEntry } from './append.ts';
import { type AuditWriterOptions, createAuditWriter } from './writer.ts';

/** A store that commits when it is told to. */
function fakeStore() {
  const batches: (readonly AuditEntry[])[] = [];
  const waiting: PromiseWithResolvers<void>[] = [];
  const arrivals: (() => void)[] = [];
  let isAutomatic = false;
  return {
    batches,
    async append(_: unknown, entries: readonly AuditEntry[]) {
      const turn = Promise.withResolvers<void>();
      if (isAutomatic) turn.resolve();
      waiting.push(turn);
      arrivals.shift()?.();
      await turn.promise;
      waiting.splice(waiting.indexOf(turn), 1);
      batches.push(entries);
      return [{ partition: 'tool_calls_2026_11', length: batches.length, mac: Buffer.alloc(32) }];
    },
    /** Resolves when a batch has been sent and waits for its commit. */
    sent: () => (waiting.length > 0 ? Promise.resolve() : new Promise<void>((come) => arrivals.push(come))),
    commit: () => waiting[0]?.resolve(),
    fail(error: Error = new RangeError('down')) {
      const [turn] = waiting.splice(0, 1);
      turn?.reject(error);
    },
    letAllThrough() {
      isAutomatic = true;
      for (const turn of waiting) turn.resolve();
    },
  };
}

function opened(options: Partial<AuditWriterOptions> = {}) {
  const store = fakeStore();
  const logged: Record<string, unknown>[] = [];
  const logger = createLogger({
    level: 'info',
    destination: { write: (line) => logged.push(JSON.parse(line)) },
  });
  return { store, logged, writer: createAuditWriter({ store, keys: TEST_KEYS, logger, ...options }) };
}

const stateOf = async (promise: Promise<void>) => {
  const pending = setImmediate('pending');
  return Promise.race([
    promise.then(
      () => 'done',
      (error: Error) => error.constructor.name,
    ),
    pending,
  ]);
};

describe('the writer', () => {
  it('answers a commit only when it is committed, and shares the next transaction among those that come meanwhile', async () => {
    const { store, writer } = opened();
    const first = writer.commit(callBy());
    await store.sent();
    const others = [writer.commit(callBy()), writer.commit(callBy()), writer.enqueue(callBy())];
    expect(await stateOf(first)).toBe('pending');
    store.commit();
    await first;
    await store.sent();
    expect(await stateOf(others[0] as Promise<void>)).toBe('pending');
    store.commit();
    await Promise.all(others);
    expect(store.batches.map(({ length }) => length)).toEqual([1, 3]);
    await writer.close();
  });

  it('does not let a read wait, and sends it after a while', async () => {
    const { store, writer } = opened({ batchMs: 5 });
    await writer.enqueue(callBy());
    await writer.enqueue(callBy());
    expect(store.batches).toEqual([]);
    await store.sent();
    store.commit();
    await writer.close();
    expect(store.batches.map(({ length }) => length)).toEqual([2]);
  });

  it('makes way for others while it encodes many', async () => {
    const { store, writer } = opened({ batchMs: 1 });
    let encoded = 0;
    const fingerprint = () => {
      encoded += 1;
      return undefined;
    };
    const sql = { text: '', masked: () => '', fingerprint };
    for (let call = 0; call < 40; call += 1)
      await writer.enqueue(callBy(NORTH.principal, { facts: { queries: new Set(), sql } }));
    const seen = new Set<number>();
    for (const isSent = store.sent().then(() => true); !(await Promise.race([isSent, setImmediate(false)])); )
      seen.add(encoded);
    expect([...seen]).toEqual(expect.arrayContaining([16, 32]));
    store.letAllThrough();
    await writer.close();
    expect(store.batches.map(({ length }) => length)).toEqual([40]);
  });

  it('lets a read wait while one that was answered long enough ago is not written yet', async () => {
    let nowMs = 0;
    const clock = { now: () => nowMs, monotonic: () => nowMs };
    const { store, writer } = opened({ batchMs: 1, clock });
    await writer.enqueue(callBy());
    nowMs = 99;
    await writer.enqueue(callBy());
    await store.sent();
    nowMs = 100;
    const late = writer.enqueue(callBy());
    expect(await stateOf(late)).toBe('pending');
    store.letAllThrough();
    await late;
    await writer.enqueue(callBy());
    await writer.close();
    expect(store.batches.flat()).toHaveLength(4);
  });

  it('slows who comes to a full queue, and drops nothing', async () => {
    const { store, writer } = opened({ capacity: 2, batchMs: 1, lossMs: 60_000 });
    await writer.enqueue(callBy());
    await writer.enqueue(callBy());
    const third = writer.enqueue(callBy());
    await store.sent();
    expect(await stateOf(third)).toBe('pending');
    store.letAllThrough();
    await third;
    await writer.close();
    expect(store.batches.flat()).toHaveLength(3);
  });

  it('refuses commits while the database takes nothing, reads once the queue is full, and writes all of them later', async () => {
    const { store, writer, logged } = opened({ capacity: 3, lossMs: 60_000 });
    const first = writer.commit(callBy());
    await store.sent();
    store.fail();
    await expect(first).rejects.toThrow(UnavailableError);
    await expect(writer.commit(callBy())).rejects.toThrow(UnavailableError);
    await writer.enqueue(callBy());
    await expect(writer.enqueue(callBy())).rejects.toThrow(UnavailableError);
    expect(logged.filter(({ message }) => message === 'audit_unavailable')).toHaveLength(1);

    await store.sent();
    store.letAllThrough();
    await expect.poll(() => store.batches.flat().length).toBe(3);
    await writer.commit(callBy());
    expect(logged.map(({ message }) => message)).toContain('audit_available_again');
    await writer.close();
  });

  it('takes a batch for committed whose answer was lost, and which is refused when sent again', async () => {
    const { store, writer } = opened();
    const first = writer.commit(callBy());
    await store.sent();
    store.fail();
    await expect(first).rejects.toThrow(UnavailableError);
    await store.sent();
    store.fail(
      Object.assign(new RangeError('duplicate key'), {
        code: '23505',
        constraint: 'tool_calls_2026_11_pkey',
      }),
    );
    store.letAllThrough();
    await setImmediate();
    await writer.commit(callBy());
    expect(store.batches.flat()).toHaveLength(1);
    await writer.close();
  });

  it('takes no batch for committed because its place in the chain is taken', async () => {
    const { store, writer } = opened();
    const first = writer.commit(callBy());
    await store.sent();
    const taken = { code: '23505', constraint: 'tool_calls_2026_11_sequence_idx' };
    store.fail(Object.assign(new RangeError('duplicate key'), taken));
    await expect(first).rejects.toThrow(UnavailableError);
    await store.sent();
    store.fail(Object.assign(new RangeError('duplicate key'), taken));
    store.letAllThrough();
    await expect.poll(() => store.batches.flat().length).toBe(1);
    await writer.close();
  });

  it('lets nobody wait for ever', async () => {
    const { store, writer } = opened({ waitMs: 20 });
    await expect(writer.commit(callBy())).rejects.toThrow(UnavailableError);
    store.letAllThrough();
    await writer.close();
    expect(store.batches.flat()).toHaveLength(1);
  });

  it('writes what it holds when it is closed, and takes nothing after', async () => {
    const { store, writer, logged } = opened({ batchMs: 100_000 });
    store.letAllThrough();
    await writer.enqueue(callBy());
    await writer.close();
    expect(store.batches.flat()).toHaveLength(1);
    await expect(writer.enqueue(callBy())).rejects.toThrow(UnavailableError);
    await expect(writer.record({ type: 'a', action: 'b', success: true, severity: 'INFO' })).rejects.toThrow(
      UnavailableError,
    );
    expect(logged.filter(({ message }) => message === 'audit_anchor')).toMatchObject([
      { partition: 'tool_calls_2026_11', length: 1, mac: '00'.repeat(32) },
    ]);
  });

  it('says how much is lost when it is closed while the database takes nothing', async () => {
    const { store, writer, logged } = opened({ batchMs: 1 });
    await writer.enqueue(callBy());
    await store.sent();
    store.fail();
    await setTimeout(1);
    const closed = writer.close();
    await store.sent();
    store.fail();
    await closed;
    expect(logged.at(-1)).toMatchObject({ message: 'audit_records_lost', records: 1 });
  });
});
