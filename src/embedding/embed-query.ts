import type { Embedding, EmbeddingOptions } from '../kernel/embedding.ts';
import { TimeoutError, UnavailableError, ValidationError } from '../kernel/errors.ts';
import type { Pass } from '../resilience/circuit-breaker.ts';
import { cleanText } from './clean-text.ts';
import { type Attempt, meaningOf, type RemoteModel } from './remote-model.ts';
import { errorOf } from './rest.ts';
import { withinTime } from './time-limit.ts';

/**
 * One try: whoever searches does not wait for a provider that fails, since text search answers. `timeoutMs` is the longest that
 * it may take; the call's deadline may be nearer.
 */
export async function embedQuery(
  remote: RemoteModel,
  text: string,
  timeoutMs: number,
  options: EmbeddingOptions,
): Promise<Embedding> {
  const cleaned = cleanText(text);
  if (cleaned === '') throw new ValidationError('There is no text to search by: it has no letters.');
  const { rest } = remote;
  const { queries } = remote.provider;
  const reason = rest.reason();
  if (reason !== undefined) throw errorOf(reason, rest.leftMs());
  const pass = queries.enter();
  if (pass === undefined) throw queries.refusal();
  return await guarded(remote, cleaned, pass, timeoutMs, options);
}

async function guarded(
  remote: RemoteModel,
  text: string,
  pass: Pass,
  timeoutMs: number,
  { signal, deadline = Number.POSITIVE_INFINITY }: EmbeddingOptions,
): Promise<Embedding> {
  const { queries, clock } = remote.provider;
  const late = new TimeoutError('The embedding provider took too long for the words of this search.');
  const leftMs = deadline - clock.monotonic();
  let attempt: Attempt;
  try {
    attempt = await withinTime(
      (within) => remote.attempt([text], within),
      signal,
      Math.min(timeoutMs, leftMs),
      () => late,
    );
  } catch (error) {
    // Only its own time says something of the provider: a caller in a hurry and one that leaves do not.
    queries[error === late && timeoutMs <= leftMs ? 'failed' : 'abandoned'](pass);
    throw error;
  }
  queries[meaningOf(attempt)](pass);
  if (!attempt.ok) throw errorOf(attempt.failure, remote.rest.leftMs());
  const [vector] = attempt.vectors;
  if (vector === undefined) throw new UnavailableError('The embedding model sees no meaning in this text.');
  return vector;
}
