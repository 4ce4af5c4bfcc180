import type { Database } from '../data/database.ts';
import { type Clock, systemClock } from '../kernel/clock.ts';
import { type Embedder, type Embedders, type EmbeddingModel, isSameModel } from '../kernel/embedding.ts';
import { BusyError } from '../kernel/errors.ts';
import type { Logger } from '../kernel/logger.ts';
import type { EmbeddingSet } from './embedding/embedding-set.ts';
import { loaderWork } from './embedding/loader-work.ts';
import { makeEmbeddings } from './embedding/make-embeddings.ts';
import type { EmbeddingPlan } from './embedding/plan.ts';
import { readSets } from './embedding/sets.ts';

export interface EmbeddingUpkeepOptions {
  readonly database: Pick<Database, 'asLoader' | 'changes'>;
  readonly embedders: Embedders;
  readonly logger: Logger;
  readonly clock?: Clock;
  /** Milliseconds that changes are gathered for. Default 2000. */
  readonly settleMs?: number;
  /** Milliseconds after which it looks without having heard of a change. Default 300,000. */
  readonly everyMs?: number;
  /** Milliseconds of rest after a failure, doubled with each further one up to 64 times; half of it while another process is at work. Default 30,000. */
  readonly restMs?: number;
}

/** What decides which vectors there should be. */
const TELLING = new Set(['retail.product_search', 'retail.embedding_sets']);
const MOST_DOUBLINGS = 6;
const PROGRESS_MS = 30_000;

/** Makes the vectors that are missing or out of date, from now on and whenever products change; returns at once. */
export function startEmbeddingUpkeep(options: EmbeddingUpkeepOptions): { stop(): Promise<void> } {
  const upkeep = new EmbeddingUpkeep(options);
  const unsubscribe = options.database.changes.subscribe(({ table }) => {
    if (table === undefined || TELLING.has(table)) upkeep.wantSoon();
  });
  upkeep.want(0);
  return {
    async stop() {
      unsubscribe();
      await upkeep.end();
    },
  };
}

/**
 * Whose vectors a server makes that has looked for the first time at `since`: those of its settings. But when another process
 * has begun a set of another model later than that, it is that one's settings which are newer: then it keeps what serves, where it
 * can. Two servers with different settings, as while one version of them replaces another, would else undo each other's
 * work, and pay for it, for ever.
 */
export function embedderFor(
  { target, of }: Embedders,
  sets: readonly EmbeddingSet[],
  since: Date,
): Embedder | undefined {
  const serving = sets.find(({ serves }) => serves);
  if (target === undefined || serving === undefined) return target;
  const isSuperseded = sets.some(
    (set) => !set.isRetired && set.begunAt > since && !isSameModel(set, target.model),
  );
  return isSuperseded ? of(serving) : target;
}

class EmbeddingUpkeep {
  private readonly options: Required<EmbeddingUpkeepOptions>;
  private readonly ending = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  /** When the next look is due, in `Clock.monotonic()` milliseconds. */
  private dueAt = Number.POSITIVE_INFINITY;
  /** No look before. */
  private restUntil = Number.NEGATIVE_INFINITY;
  private running: Promise<void> | undefined;
  private isWantedAgain = false;
  private failures = 0;
  /** The first look, by the database's clock. */
  private since: Date | undefined;
  private isSuperseded = false;

  constructor(options: EmbeddingUpkeepOptions) {
    this.options = { clock: systemClock, settleMs: 2000, everyMs: 300_000, restMs: 30_000, ...options };
  }

  wantSoon(): void {
    this.want(this.options.settleMs);
  }

  want(inMs: number): void {
    if (this.ending.signal.aborted) return;
    if (this.running !== undefined) {
      this.isWantedAgain = true;
      return;
    }
    const now = this.options.clock.monotonic();
    const at = Math.max(now + inMs, this.restUntil);
    if (at >= this.dueAt) return;
    clearTimeout(this.timer);
    this.dueAt = at;
    this.timer = setTimeout(() => this.begin(), at - now).unref();
  }

  async end(): Promise<void> {
    this.ending.abort();
    clearTimeout(this.timer);
    await this.running;
  }

  private begin(): void {
    this.dueAt = Number.POSITIVE_INFINITY;
    this.isWantedAgain = false;
    this.running = this.look().finally(() => {
      this.running = undefined;
      const { settleMs, everyMs } = this.options;
      this.want(this.isWantedAgain ? settleMs : everyMs);
    });
  }

  private async look(): Promise<void> {
    const told = { done: 0, since: this.options.clock.monotonic() };
    try {
      await this.make(told);
      this.failures = 0;
    } catch (error) {
      this.rest(error, told.done);
    }
  }

  private async make(told: { done: number; since: number }): Promise<void> {
    const { database, logger, clock } = this.options;
    const embedder = await this.chooseEmbedder();
    if (embedder === undefined) return;
    const begunAt = clock.monotonic();
    let plan: EmbeddingPlan | undefined;
    const report = await makeEmbeddings({
      database,
      embedder,
      signal: this.ending.signal,
      isStillMeant: async () => (await this.chooseEmbedder()) === embedder,
      onBegin: (begun) => {
        plan = begun;
        logger.info('embedding_began', fieldsOf(begun));
      },
      onProgress: (done, total) => {
        told.done = done;
        if (clock.monotonic() - told.since < PROGRESS_MS) return;
        told.since = clock.monotonic();
        logger.info('embedding_progress', { done, total });
      },
    });
    if (plan === undefined) return;
    const { made, refused, serves, isStopped } = report;
    const seconds = Math.round((clock.monotonic() - begunAt) / 1000);
    logger.info(isStopped ? 'embedding_stopped' : 'embedding_ended', { made, refused, serves, seconds });
    if (refused > 0) logger.warn('embedding_texts_refused', { refused, model: embedder.model.model });
  }

  private async chooseEmbedder(): Promise<Embedder | undefined> {
    const { database, embedders, logger } = this.options;
    const { sets, now } = await loaderWork(database, async (session) => {
      const [clock] = await session.query<{ now: Date }>('SELECT clock_timestamp() AS now');
      return { sets: await readSets(session), now: clock?.now ?? new Date(0) };
    });
    this.since ??= now;
    const chosen = embedderFor(embedders, sets, this.since);
    const isSuperseded = chosen !== embedders.target;
    if (isSuperseded && !this.isSuperseded)
      logger.warn('embedding_model_differs', {
        configured: embedders.target?.model,
        keeps: chosen?.model,
        mend: 'another process has begun vectors of another model since this server started: give all of them the same EMBEDDING_… settings',
      });
    this.isSuperseded = isSuperseded;
    return chosen;
  }

  private rest(error: unknown, done: number): void {
    const { logger, restMs, clock } = this.options;
    const isElsewhere = error instanceof BusyError;
    // Most runs are short; the lease lasts until its worker could have died.
    const ms = isElsewhere
      ? Math.min(error.retryAfterSeconds * 1000, restMs / 2)
      : restMs * 2 ** Math.min(this.failures, MOST_DOUBLINGS);
    this.restUntil = clock.monotonic() + ms;
    this.isWantedAgain = true;
    if (isElsewhere) {
      logger.debug('embedding_elsewhere', { again_in_seconds: ms / 1000 });
      return;
    }
    this.failures += 1;
    logger.error('embedding_failed', { error, done, again_in_seconds: ms / 1000 });
  }
}

function fieldsOf({ model, set, products, upToDate, tokens, cost }: EmbeddingPlan) {
  return {
    ...namesOf(model),
    set,
    products,
    up_to_date: upToDate,
    estimated: `${tokens} tokens`,
    estimated_usd: cost,
  };
}

function namesOf({ provider, model, version, dimensions }: EmbeddingModel) {
  return { provider, model, version, dimensions };
}
