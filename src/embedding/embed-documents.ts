import type { EmbeddingOptions, EmbeddingOutcome } from '../kernel/embedding.ts';
import { ConfigurationError, TimeoutError, ValidationError } from '../kernel/errors.ts';
import { cleanText } from './clean-text.ts';
import type { Failure } from './failure.ts';
import { backoffMs, Patience, type Pause, realPause } from './patience.ts';
import { type Attempt, meaningOf, type RemoteModel } from './remote-model.ts';
import { errorOf } from './rest.ts';
import { withinTime } from './time-limit.ts';

const MOST_TEXTS = 100;
/** Of one request whose failure may pass. Being asked to wait is no failure: only patience bounds that. */
const TRIES = 6;
/** For one request: a model that runs on this machine's processor takes its time for a hundred texts. */
const REQUEST_TIMEOUT_MS = 120_000;
/** Any model that takes texts at all takes this one. */
const HARMLESS = 'product';
/** Among those who waited for the same moment, at most. */
const SPREAD_MS = 1000;

const EMPTY: EmbeddingOutcome = { refused: 'The text is empty.' };
const MEANINGLESS: EmbeddingOutcome = { refused: 'The model sees no meaning in this text.' };

/** For tests, which have no time. */
export interface DocumentTimes {
  readonly pause?: Pause | undefined;
  readonly requestTimeoutMs?: number | undefined;
}

/**
 * All outcomes in the order of the texts, or none: throws when patience ends, and then nothing was given to anybody. Texts that
 * are refused together are asked for in ever smaller parts, until the one that is refused stands alone.
 */
export async function embedDocuments(
  remote: RemoteModel,
  texts: readonly string[],
  options: EmbeddingOptions,
  { pause = realPause, requestTimeoutMs = REQUEST_TIMEOUT_MS }: DocumentTimes = {},
): Promise<readonly EmbeddingOutcome[]> {
  if (texts.length > MOST_TEXTS)
    throw new ValidationError(`${texts.length} texts are too many at once: ${MOST_TEXTS} at most.`);
  const cleaned = texts.map(cleanText);
  const { clock } = remote.provider;
  const batch = new Batch(remote, new Patience({ clock, pause, ...options }), requestTimeoutMs);
  const outcomes = (await batch.embed(cleaned.filter((text) => text !== ''))).values();
  return cleaned.map((text) => (text === '' ? EMPTY : (outcomes.next().value ?? EMPTY)));
}

class Batch {
  private readonly remote: RemoteModel;
  private readonly patience: Patience;
  private readonly requestTimeoutMs: number;
  /** Whether the model has taken any text of this batch. */
  private hasTaken = false;

  constructor(remote: RemoteModel, patience: Patience, requestTimeoutMs: number) {
    this.remote = remote;
    this.patience = patience;
    this.requestTimeoutMs = requestTimeoutMs;
  }

  async embed(texts: readonly string[]): Promise<readonly EmbeddingOutcome[]> {
    if (texts.length === 0) return [];
    const attempt = await this.persist(texts);
    if (attempt.ok) {
      this.hasTaken = true;
      return attempt.vectors.map((vector) => vector ?? MEANINGLESS);
    }
    if (texts.length === 1) return [await this.refusal(attempt.failure)];
    const middle = Math.ceil(texts.length / 2);
    return [...(await this.embed(texts.slice(0, middle))), ...(await this.embed(texts.slice(middle)))];
  }

  /** Tries again what may pass. Gives vectors, or the failure of what was refused; throws any other. */
  private async persist(texts: readonly string[]): Promise<Attempt> {
    for (let tries = 1; ; ) {
      const attempt = await this.attempt(texts);
      if (attempt.ok || attempt.failure.kind === 'refused') return attempt;
      const { failure } = attempt;
      if (failure.kind === 'limited') continue; // the next turn comes when the rest is over
      const givingUp = () => errorOf(failure, this.remote.rest.leftMs());
      if (failure.kind !== 'transient' || tries === TRIES) throw givingUp();
      await this.patience.wait(backoffMs(tries), givingUp);
      tries += 1;
    }
  }

  private async attempt(texts: readonly string[]): Promise<Attempt> {
    const { documents } = this.remote.provider;
    const pass = await this.turn();
    const late = new TimeoutError('The embedding provider took too long for these texts.');
    const { signal } = this.patience;
    const leftMs = this.patience.leftMs();
    try {
      const ms = Math.min(this.requestTimeoutMs, leftMs);
      const attempt = await withinTime(
        (within) => this.remote.attempt(texts, within),
        signal,
        ms,
        () => late,
      );
      documents[meaningOf(attempt)](pass);
      return attempt;
    } catch (error) {
      const isSlow = error === late && this.requestTimeoutMs <= leftMs;
      documents[isSlow ? 'failed' : 'abandoned'](pass);
      if (!isSlow) throw error;
      return {
        ok: false,
        failure: { kind: 'transient', what: `nothing in ${this.requestTimeoutMs / 1000} s` },
      };
    }
  }

  /** Waits until the model may be asked: all batches wait for the same rest, and begin again one after the other. */
  private async turn(): Promise<number> {
    const { rest, provider } = this.remote;
    for (;;) {
      const reason = rest.reason();
      if (reason !== undefined) {
        const restMs = rest.leftMs();
        if (reason.kind === 'misconfigured' || reason.kind === 'exhausted') throw errorOf(reason, restMs);
        await this.patience.wait(restMs + Math.random() * Math.min(restMs, SPREAD_MS), () =>
          errorOf(reason, restMs),
        );
        continue;
      }
      const pass = provider.documents.enter();
      if (pass !== undefined) return pass;
      const refusal = provider.documents.refusal();
      await this.patience.wait((refusal.retryAfterSeconds ?? 1) * 1000, () => refusal);
    }
  }

  /** Where nothing was taken yet, it may be the settings that are refused and not the text, which would then never be asked for again. */
  private async refusal({ what }: Failure): Promise<EmbeddingOutcome> {
    if (!this.hasTaken) {
      const attempt = await this.persist([HARMLESS]);
      if (!attempt.ok)
        throw new ConfigurationError(
          `The embedding provider takes no text at all (${what}). EMBEDDING_MODEL: it must be a model for embeddings. EMBEDDING_SHORTENED: turn it off where the model can't be asked for a number of dimensions.`,
          { cause: attempt.failure.cause },
        );
      this.hasTaken = true;
    }
    return {
      refused: `The embedding provider does not take this text (${what}): it may be too long for the model.`,
    };
  }
}
