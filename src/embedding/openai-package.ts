import type { ClientOptions, OpenAI } from 'openai';
import type { Ask } from './endpoint.ts';

/** A hundred vectors of 1,536 numbers in JSON are 4 MB: a longer answer is none, and is not read into memory. */
const MOST_ANSWER_BYTES = 32 * 1024 * 1024;

/**
 * What every client of the package is made with. It reads some ten environment variables for whatever is left undefined:
 * settings are to come from one place, and its log goes to stdout, where MCP talks.
 */
export const CLIENT_OPTIONS = {
  adminAPIKey: null,
  organization: null,
  project: null,
  webhookSecret: null,
  logLevel: 'off',
  maxRetries: 0,
  // Keys go to the address that was configured, and to no other that it may point to.
  fetchOptions: { redirect: 'manual' },
  fetch: fetchWithin,
} as const satisfies ClientOptions;

/** Asks by a client of the package. `float` because many servers know no other encoding. */
export function askBy(client: OpenAI): Ask {
  return ({ model, texts, dimensions }, signal) =>
    client.embeddings.create(
      {
        model,
        input: [...texts],
        encoding_format: 'float',
        ...(dimensions !== undefined && { dimensions }),
      },
      { signal },
    );
}

async function fetchWithin(...[input, init]: Parameters<typeof fetch>): Promise<Response> {
  const response = await fetch(input, init);
  if (response.body === null) return response;
  let bytes = 0;
  const bounded = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      bytes += chunk.byteLength;
      if (bytes > MOST_ANSWER_BYTES) controller.error(new RangeError('The answer is too long.'));
      else controller.enqueue(chunk);
    },
  });
  return new Response(response.body.pipeThrough(bounded), response);
}
