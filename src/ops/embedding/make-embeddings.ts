import type { Embedder, EmbeddingOutcome } from '../../kernel/embedding.ts';
import { UnavailableError } from '../../kernel/errors.ts';
import type { EmbeddingSet } from './embedding-set.ts';
import { underLease } from './lease.ts';
import { type LoaderDoor, loaderWork } from './loader-work.ts';
import { countPending, type MadeVector, type PendingProduct, readPending, saveVectors } from './pending.ts';
import { type EmbeddingPlan, planEmbeddings } from './plan.ts';
import { PortionSize } from './portion-size.ts';
import { deleteRetired, makeServe, openSet } from './sets.ts';

export interface MakingOptions {
  readonly database: LoaderDoor;
  readonly embedder: Embedder;
  /** Make all of them, also those that are up to date: in another set, which serves when it is complete. Default false. */
  readonly isWhole?: boolean;
  /** Stops it soon; all that was saved stays, and the next run goes on from there. */
  readonly signal: AbortSignal;
  /** Asked once nobody else is at work, who may have changed what is meant until then: where it is not, nothing is made. Default: it is. */
  readonly isStillMeant?: () => Promise<boolean>;
  /** There is something to do, and nobody else does it. */
  readonly onBegin?: (plan: EmbeddingPlan) => void;
  /** Products done, and how many there are to do as far as is known. */
  readonly onProgress?: (done: number, total: number) => void;
  /** As of `LeaseOptions`. */
  readonly leaseSeconds?: number;
}

export interface MakingReport {
  /** Vectors that were made and saved. */
  readonly made: number;
  /** Texts that the model refuses, which will not be asked again until they change. */
  readonly refused: number;
  /** Products that had their vectors before it began. */
  readonly upToDate: number;
  /** Whether searches use the set now. */
  readonly serves: boolean;
  /** The signal came first. */
  readonly isStopped: boolean;
}

/** Texts that a provider is asked for at once. */
const BATCH_PRODUCTS = 100;
const BATCHES_AT_ONCE = 10;
/** Products whose words are read at once. */
const PAGE_PRODUCTS = 500;
/** Where products change all the time there would be no end of it: each pass is paid for, and the next run waits a while. */
const MOST_PASSES = 5;

/**
 * Makes every vector that is missing or out of date, lets searches use the set as soon as no product is missing, and deletes the
 * one before. What changes meanwhile is made as well, until there is none or several passes were not enough: it is left to the
 * next run then. Throws `BusyError` while another process does, and whatever the embedder throws when it gives up; what was saved
 * stays.
 */
export async function makeEmbeddings(options: MakingOptions): Promise<MakingReport> {
  const { database, embedder, isWhole = false, signal, leaseSeconds: seconds } = options;
  const { isStillMeant = async () => true } = options;
  const plan = await planEmbeddings(database, embedder, isWhole);
  const { isDone, upToDate } = plan;
  if (isDone) return { made: 0, refused: 0, upToDate, serves: upToDate > 0, isStopped: false };
  return underLease(database, { signal, seconds }, async (leased) => {
    if (!(await isStillMeant())) return { made: 0, refused: 0, upToDate, serves: false, isStopped: false };
    options.onBegin?.(plan);
    return new Making(options, leased).run();
  });
}

class Making {
  private readonly options: MakingOptions;
  private readonly signal: AbortSignal;
  private readonly portions = new PortionSize();
  private made = 0;
  private refused = 0;
  private total = 0;
  /** The last save that was begun. One at a time: callers need the database too. */
  private saving: Promise<unknown> = Promise.resolve();

  /** `leased` aborts when the lease is lost, too. */
  constructor(options: MakingOptions, leased: AbortSignal) {
    this.options = options;
    this.signal = leased;
  }

  async run(): Promise<MakingReport> {
    const { signal } = this.options;
    const begun = { upToDate: 0, serves: false };
    try {
      await this.makeAll(begun);
    } catch (error) {
      if (!signal.aborted) throw this.signal.aborted ? this.signal.reason : error;
    }
    const { made, refused } = this;
    return { ...begun, made, refused, isStopped: signal.aborted };
  }

  private async makeAll(report: { upToDate: number; serves: boolean }): Promise<void> {
    const { database, embedder, isWhole = false } = this.options;
    await deleteRetired(database, this.signal);
    const set = await openSet(database, embedder.model, isWhole, this.signal);
    const before = await loaderWork(database, (session) => countPending(session, set.slot));
    Object.assign(report, { upToDate: before.upToDate, serves: set.serves });
    this.total = before.products;
    this.tell();
    // What changes while a pass runs is pending after it.
    for (let pass = 1, isAnyMade = true; isAnyMade && pass <= MOST_PASSES; pass += 1) {
      isAnyMade = await this.makePending(set);
      report.serves ||= await makeServe(database, set);
    }
    await deleteRetired(database, this.signal);
  }

  /** One pass over what is pending. With the first failure no further batch is begun; those under way are ended and kept. Whether anything came of it. */
  private async makePending(set: EmbeddingSet): Promise<boolean> {
    const before = this.made + this.refused;
    const batches = this.batches(set);
    const worker = async () => {
      for await (const batch of batches) await this.makeBatch(set, batch);
    };
    const workers = await Promise.allSettled(Array.from({ length: BATCHES_AT_ONCE }, worker));
    for (const ended of workers) if (ended.status === 'rejected') throw ended.reason;
    return this.made + this.refused > before;
  }

  private async *batches(set: EmbeddingSet): AsyncGenerator<readonly PendingProduct[], void, void> {
    let after: string | undefined;
    do {
      this.signal.throwIfAborted();
      const page = await loaderWork(this.options.database, (session) =>
        readPending(session, set.slot, after, PAGE_PRODUCTS),
      );
      for (let from = 0; from < page.length; from += BATCH_PRODUCTS)
        yield page.slice(from, from + BATCH_PRODUCTS);
      after = page.length < PAGE_PRODUCTS ? undefined : page.at(-1)?.productId;
    } while (after !== undefined);
  }

  private async makeBatch(set: EmbeddingSet, batch: readonly PendingProduct[]): Promise<void> {
    this.signal.throwIfAborted();
    const texts = batch.map(({ content }) => content);
    const outcomes = await this.options.embedder.embedDocuments(texts, { signal: this.signal });
    if (outcomes.length !== batch.length)
      throw new UnavailableError(
        `The embedding model answered ${outcomes.length} of ${batch.length} texts. Its provider is at fault.`,
      );
    const made = batch.map((product, index) => ({ product, outcome: outcomes[index] as EmbeddingOutcome }));
    const turn = this.saving.then(() => this.save(set, made));
    this.saving = turn.catch(() => {});
    await turn;
  }

  private async save(set: EmbeddingSet, made: readonly MadeVector[]): Promise<void> {
    for (let from = 0; from < made.length; ) {
      this.signal.throwIfAborted();
      const portion = made.slice(from, from + this.portions.rows);
      const begun = performance.now();
      const { saved, refused } = await loaderWork(this.options.database, (session) =>
        saveVectors(session, set, portion),
      );
      this.portions.took(portion.length, performance.now() - begun);
      from += portion.length;
      this.refused += refused;
      this.made += saved - refused;
      this.tell();
    }
  }

  private tell(): void {
    const done = this.made + this.refused;
    this.total = Math.max(this.total, done);
    this.options.onProgress?.(done, this.total);
  }
}
