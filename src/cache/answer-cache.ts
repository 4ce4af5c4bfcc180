import type { Changes } from '../kernel/changes.ts';
import type { Clock } from '../kernel/clock.ts';
import { UnavailableError } from '../kernel/errors.ts';
import type { AnswerSource, ReadNotes, RequestContext } from '../kernel/request-context.ts';
import type { CachePolicy, ToolResult } from '../kernel/tool.ts';
import { type Answer, GivenAnswer } from './answer.ts';
import { answerKey } from './answer-key.ts';
import { Flights } from './flights.ts';
import type { MemoryCache } from './memory-cache.ts';
import type { RedisCache, SharedAnswer, Standing } from './redis-cache.ts';
import { type ResolveScope, Scopes, storesOf } from './scopes.ts';
import { dependencies, type Stamp, Tags } from './tags.ts';

/** A call whose answer may be kept. */
export interface Question {
  readonly tool: string;
  readonly args: unknown;
  readonly policy: CachePolicy;
  readonly context: RequestContext;
}

/** Computes the answer. What it reads is noted in the context, whose signal and notes are not the caller's. */
export type Compute = (context: RequestContext) => Promise<ToolResult<unknown>>;

export interface AnswerCacheOptions {
  readonly changes: Changes;
  readonly clock: Clock;
  /** Everything besides tool, arguments and caller that answers differ by: database, migrations, software. */
  readonly version: string;
  readonly resolveScope: ResolveScope;
  /** The tables that the text of a query reads; undefined when its answer must not be kept. */
  readonly tablesOf: (query: string) => readonly string[] | undefined;
  /** Absent: this server keeps no answers of its own. */
  readonly memory?: MemoryCache | undefined;
  /** Absent: servers share no answers. */
  readonly redis?: RedisCache | undefined;
  /** Milliseconds that any answer is kept at most. */
  readonly maxTtlMs: number;
}

const DAY_MS = 86_400_000;
/** How long an answer that another server computed is kept here. */
const PROMOTED_MS = 60_000;
/** An answer that took so long to compute is kept twice as long as its tool says, one that took twice that three times … */
const COSTLY_MS = 500;
const LONGEST_MULTIPLE = 4;
/** An answer of so many rows is not kept. */
const TOO_MANY_ROWS = 1000;

/** An answer, and where one of the servers that wants it finds it. */
interface Found {
  readonly result: ToolResult<unknown>;
  readonly askedAt: number;
  readonly from: AnswerSource | 'computed';
}

/**
 * Gives answers again while nothing that they depend on has changed, and lets callers who ask the same at once share one.
 * It is asked after all that decides whether a call may be made at all.
 */
export class AnswerCache {
  private readonly options: AnswerCacheOptions;
  private readonly tags = new Tags();
  private readonly scopes: Scopes;
  private readonly flights = new Flights<Found>();
  private readonly unsubscribe: () => void;

  constructor(options: AnswerCacheOptions) {
    this.options = options;
    this.scopes = new Scopes(this.tags, options.resolveScope);
    this.unsubscribe = options.changes.subscribe((change) => {
      this.tags.heard(change);
      options.redis?.heard(change);
    });
  }

  close(): void {
    this.unsubscribe();
  }

  /** Throws what `compute` throws, and `CancelledError`. */
  async answer(question: Question, compute: Compute): Promise<ToolResult<unknown>> {
    try {
      return await this.current(question, compute);
    } catch (error) {
      const stale = isOutage(error, question) ? this.stale(question) : undefined;
      if (stale === undefined) throw error;
      return stale;
    }
  }

  private async current(question: Question, compute: Compute): Promise<ToolResult<unknown>> {
    const { changes, clock, memory } = this.options;
    const { context } = question;
    if (!changes.isCurrent()) return this.computed(await compute(context), clock.monotonic());
    const scope = this.scopes.of(context.principal) ?? (await this.scopes.find(context));
    const key = this.keyOf(question, scope);
    const kept = memory?.get(key);
    if (kept !== undefined && changes.isCurrent() && clock.monotonic() < kept.expiresAt && kept.stamp.holds())
      return this.given(question, kept, kept.askedAt, 'memory');
    const { value, isOwn } = await this.flights.join(key, this.tags.now, context.signal, (signal) =>
      this.find(question, key, scope, { ...context, signal }, compute),
    );
    if (isOwn && value.from === 'computed') return value.result;
    const { serialized = JSON.stringify(value.result.structured), text } = value.result;
    return this.given(question, { serialized, text }, value.askedAt, isOwn ? 'redis' : 'shared');
  }

  /** Out of Redis or from the database, and into both caches. */
  private async find(
    question: Question,
    key: string,
    scope: string,
    context: RequestContext,
    compute: Compute,
  ): Promise<Found> {
    const { clock, redis } = this.options;
    const since = this.tags.now;
    const looked = await redis?.look(key);
    const shared = looked?.answer && this.promote(key, looked.answer, since);
    if (shared !== undefined) return shared;
    const reads: ReadNotes = { queries: [], scopes: [], mostRows: 0 };
    const askedAt = clock.monotonic();
    const wallAskedAt = clock.now();
    const result = await compute({ ...context, reads });
    const stamp = result.isPassing === true ? undefined : this.stampOf(result, reads, scope, since);
    if (stamp === undefined) return { result: this.computed(result, askedAt), askedAt, from: 'computed' };
    const serialized = JSON.stringify(result.structured);
    const answer = { serialized, text: result.text };
    this.keep(key, answer, stamp, { askedAt, wallAskedAt, policy: question.policy }, looked?.standing);
    return { result: this.computed({ ...result, serialized }, askedAt), askedAt, from: 'computed' };
  }

  /** What the answer depends on; undefined when it must not be kept. */
  private stampOf(
    result: ToolResult<unknown>,
    { queries, scopes, mostRows }: ReadNotes,
    scope: string,
    since: number,
  ): Stamp | undefined {
    if (queries.length === 0 || scopes.length !== queries.length || scopes.some((seen) => seen !== scope))
      return undefined;
    if (mostRows >= TOO_MANY_ROWS || isTruncated(result.structured)) return undefined;
    const tables = queries.map(this.options.tablesOf);
    const known = tables.filter((names) => names !== undefined);
    if (known.length < tables.length) return undefined;
    const stamp = this.tags.stamp(dependencies([...new Set(known.flat())], storesOf(scope)), since);
    return stamp.holds() && this.options.changes.isCurrent() ? stamp : undefined;
  }

  private keep(
    key: string,
    answer: Answer,
    stamp: Stamp,
    { askedAt, wallAskedAt, policy }: { askedAt: number; wallAskedAt: number; policy: CachePolicy },
    standing: Standing | undefined,
  ): void {
    const untilMidnight = DAY_MS - (wallAskedAt % DAY_MS);
    const costMs = this.options.clock.monotonic() - askedAt;
    const multiple = Math.min(1 + costMs / COSTLY_MS, LONGEST_MULTIPLE);
    const ttlMs = Math.min(policy.ttlSeconds * 1000 * multiple, this.options.maxTtlMs, untilMidnight);
    this.options.memory?.keep(key, { ...answer, askedAt, expiresAt: askedAt + ttlMs, stamp });
    if (standing === undefined) return;
    const shared = { askedAt: wallAskedAt, expiresAt: wallAskedAt + ttlMs, names: stamp.names };
    void this.options.redis?.keep(key, { ...answer, ...shared }, standing, ttlMs);
  }

  /** Another server's answer, kept here for a while; undefined when it ran out or something of it changed meanwhile. */
  private promote(key: string, shared: SharedAnswer, since: number): Found | undefined {
    const { clock, memory, maxTtlMs, changes } = this.options;
    const now = clock.now();
    const stamp = this.tags.stamp(shared.names, since);
    // The clocks of two servers may differ: what was asked in the future was asked now.
    const ageMs = Math.max(0, now - shared.askedAt);
    const leftMs = Math.min(shared.expiresAt - now, maxTtlMs - ageMs, PROMOTED_MS);
    if (leftMs <= 0 || !stamp.holds() || !changes.isCurrent()) return undefined;
    const { serialized, text } = shared;
    const askedAt = clock.monotonic() - ageMs;
    const answer = { serialized, text };
    memory?.keep(key, { ...answer, askedAt, expiresAt: clock.monotonic() + leftMs, stamp });
    return { result: new GivenAnswer(answer, { from: 'redis', ageMs }), askedAt, from: 'redis' };
  }

  /** What was last answered to somebody who sees the same stores, marked as stale. Only where rights can't have changed since. */
  private stale(question: Question): ToolResult<unknown> | undefined {
    const { staleSeconds = 0 } = question.policy;
    const scope = this.scopes.of(question.context.principal);
    const kept = scope === undefined ? undefined : this.options.memory?.get(this.keyOf(question, scope));
    if (kept === undefined) return undefined;
    const ageMs = this.options.clock.monotonic() - kept.askedAt;
    return ageMs > staleSeconds * 1000 ? undefined : this.given(question, kept, kept.askedAt, 'stale');
  }

  private given(
    { policy, args, context }: Question,
    answer: Answer,
    askedAt: number,
    from: AnswerSource,
  ): ToolResult<unknown> {
    policy.note?.(args, context);
    if (context.facts !== undefined) context.facts.answeredFrom = from;
    return new GivenAnswer(answer, { from, ageMs: Math.round(this.options.clock.monotonic() - askedAt) });
  }

  private computed(result: ToolResult<unknown>, askedAt: number): ToolResult<unknown> {
    const ageMs = Math.round(this.options.clock.monotonic() - askedAt);
    return { ...result, origin: { from: 'computed', ageMs } };
  }

  private keyOf({ tool, args, context }: Question, scope: string): string {
    const { permissions } = context.principal;
    return answerKey({ tool, args, scope, permissions, version: this.options.version });
  }
}

function isTruncated(structured: unknown): boolean {
  return (
    typeof structured === 'object' &&
    structured !== null &&
    'truncated' in structured &&
    structured.truncated === true
  );
}

/** The database is out of reach. Not a kind of it: that it does not believe this server, say, must not be glossed over. */
function isOutage(error: unknown, { context, policy }: Question): boolean {
  const isUnavailable = error instanceof Error && Object.getPrototypeOf(error) === UnavailableError.prototype;
  return isUnavailable && policy.staleSeconds !== undefined && !context.signal.aborted;
}
