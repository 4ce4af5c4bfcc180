import type { CallLog, CallRecord } from '../kernel/audit.ts';
import type { Clock } from '../kernel/clock.ts';
import {
  type AisleError,
  AuthenticationError,
  AuthorizationError,
  InternalError,
  AisleError as KnownError,
  QueryRefusedError,
  RateLimitedError,
  UnavailableError,
} from '../kernel/errors.ts';
import type { CallFacts } from '../kernel/request-context.ts';
import type { Call, Concern } from './call.ts';

const DENIALS = [AuthenticationError, AuthorizationError, QueryRefusedError];

/**
 * One record a call, however it ended. A refusal is committed before its answer leaves, a read is queued; of a tool that
 * writes it is committed that it is about to run, before it runs, and what became of it, before the answer. A call that
 * can't be recorded is not answered, and a write not even run.
 */
export function auditCalls({ log, clock }: { readonly log: CallLog; readonly clock: Clock }): Concern {
  return (next) => async (call) => {
    const started = clock.monotonic();
    const facts: CallFacts = { queries: new Set() };
    const audited = { ...call, context: { ...call.context, facts } };
    const record = (outcome: Pick<CallRecord, 'status' | 'decision' | 'error'>): CallRecord => ({
      ...described(audited, facts),
      at: clock.now(),
      durationMs: Math.round((clock.monotonic() - started) * 1000) / 1000,
      ...outcome,
    });
    const { writes = false } = call.target;
    let isUntold = false;
    const begin = async () => {
      isUntold = true;
      await log.commit(record(BEGUN));
      isUntold = false;
    };
    const keep = (outcome: CallRecord) =>
      writes ? log.commit(outcome).catch(outcomeUnrecorded) : log.enqueue(outcome);
    let result: unknown;
    try {
      result = await next(writes ? withBeginning(audited, begin) : audited);
    } catch (thrown) {
      // Whoever calls too often is to cost nothing more: that it happens is an event of its own, once a minute.
      if (thrown instanceof RateLimitedError) throw thrown;
      const error = asKnown(thrown);
      const isDenial = DENIALS.some((denial) => error instanceof denial);
      // The log may still get its beginning, from the queue: so that nobody takes it for done, its end follows right behind,
      // and whoever is waiting for that is told now.
      if (isUntold) void log.commit(record({ status: 'error', decision: 'allowed', error })).catch(() => {});
      else if (isDenial) await log.commit(record({ status: 'error', decision: 'denied', error }));
      else await keep(record({ status: 'error', decision: 'allowed', error }));
      throw thrown;
    }
    await keep(record({ status: 'ok', decision: 'allowed' }));
    return result;
  };
}

/** It ran, so that to ask for it again would do it twice. */
function outcomeUnrecorded(cause: unknown): never {
  throw new UnavailableError(
    'What came of this call could not be recorded in the audit log. It may have been done: look before doing it again.',
    { cause },
  );
}

const BEGUN = { status: 'begun', decision: 'allowed' } as const;

/** The beginning is told when all checks are passed and nothing has run yet. By then its caller may have been answered. */
function withBeginning(call: Call, tell: () => Promise<void>): Call {
  const { target } = call;
  const run: typeof target.run = async (args, context) => {
    await tell();
    context.signal.throwIfAborted();
    return target.run(args, context);
  };
  return { ...call, target: { ...target, run } };
}

function described({ target, args, context }: Call, facts: CallFacts) {
  return { kind: target.kind, name: target.name, args, context, facts };
}

function asKnown(error: unknown): AisleError {
  return error instanceof KnownError ? error : new InternalError('Internal server error.', { cause: error });
}
