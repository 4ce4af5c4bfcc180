import type { Embedding, EmbeddingModel } from '../kernel/embedding.ts';
import { ConfigurationError } from '../kernel/errors.ts';
import type { Meaning } from '../resilience/circuit-breaker.ts';
import type { Ask, Endpoint } from './endpoint.ts';
import { type Failure, failureOf } from './failure.ts';
import type { Provider } from './provider.ts';
import { readAnswer } from './read-answer.ts';
import { Rest } from './rest.ts';
import { abortError } from './time-limit.ts';

/** What became of one request. Vectors are in the order of the texts, undefined where the model sees no meaning. */
export type Attempt =
  | { readonly ok: true; readonly vectors: readonly (Embedding | undefined)[] }
  | { readonly ok: false; readonly failure: Failure };

/** What it says to a breaker: that a provider has limits, or is set up wrongly, shows that it is there. */
export function meaningOf(attempt: Attempt): Meaning {
  if (attempt.ok) return 'succeeded';
  return attempt.failure.kind === 'transient' ? 'failed' : 'abandoned';
}

/** One model at a provider, and when it is left alone. */
export class RemoteModel {
  readonly model: EmbeddingModel;
  readonly provider: Provider;
  readonly rest: Rest;
  private readonly isShortened: boolean;
  private told: string | undefined;

  /** `isShortened`: it gives more numbers by itself, and is asked for fewer. */
  constructor(model: EmbeddingModel, provider: Provider, isShortened: boolean) {
    this.model = model;
    this.provider = provider;
    this.isShortened = isShortened;
    this.rest = new Rest(provider.clock);
  }

  /** One request, one try. Rejects only when the signal stops it. */
  async attempt(texts: readonly string[], signal: AbortSignal): Promise<Attempt> {
    const attempt = await this.ask(texts, signal);
    if (attempt.ok) this.rest.answered();
    else this.rest.failed(attempt.failure);
    this.tell(attempt);
    return attempt;
  }

  private async ask(texts: readonly string[], signal: AbortSignal): Promise<Attempt> {
    const { model, dimensions } = this.model;
    const { endpoint, clock } = this.provider;
    let ask: Ask;
    try {
      ask = await this.provider.connect();
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      return failed({
        kind: 'misconfigured',
        what: 'something is missing',
        mend: error.message,
        cause: error,
      });
    }
    try {
      const asked = this.isShortened ? dimensions : undefined;
      const body = await ask({ model, texts, dimensions: asked }, signal);
      return this.read(body, texts.length, endpoint);
    } catch (error) {
      if (signal.aborted) throw abortError(signal);
      return failed(failureOf(error, model, endpoint, clock.now()));
    }
  }

  private read(body: unknown, count: number, { settings }: Endpoint): Attempt {
    const { model, dimensions } = this.model;
    const answer = readAnswer(body, count, dimensions);
    if (answer.is === 'vectors') return { ok: true, vectors: answer.vectors };
    if (answer.is === 'unusable') return failed({ kind: 'transient', what: `of its answer, ${answer.why}` });
    const { came } = answer;
    const how = this.isShortened
      ? `the server at ${settings.address} does not shorten them`
      : `or EMBEDDING_SHORTENED=on where the model can give fewer`;
    return failed({
      kind: 'misconfigured',
      what: `vectors of ${came} numbers came, and ${dimensions} were expected`,
      mend: `EMBEDDING_DIMENSIONS: set it to ${came}, which is what "${model}" gives; ${how}.`,
    });
  }

  /** What an operator has to mend is told once, and once more when it is mended. */
  private tell(attempt: Attempt): void {
    const { logger, endpoint } = this.provider;
    const { provider, model } = this.model;
    if (attempt.ok) {
      if (this.told !== undefined) logger.info('embedding_mended', { provider, model });
      this.told = undefined;
      return;
    }
    const { kind, what, mend, cause } = attempt.failure;
    const facts = { provider, model, url: endpoint.url, what, cause };
    const isForOperators = kind === 'misconfigured' || kind === 'exhausted';
    if (!isForOperators) logger.debug('embedding_failed', facts);
    else if (this.told !== what) logger.error('embedding_needs_mending', { ...facts, mend });
    if (isForOperators) this.told = what;
  }
}

function failed(failure: Failure): Attempt {
  return { ok: false, failure };
}
