/** An event without data, which only gives out an id to come back with. */
const PRIMING = /^id: [^\n]*\n(?:retry: \d+\n)?data: \n\n$/;

/**
 * The same answer, once the first of its stream is there that says something. A stream of the older protocol begins with the
 * result, so its headers can still say what came of the call; a keep-alive comment goes first when the call takes longer
 * than that.
 */
export async function withFirstChunk(response: Response): Promise<Response> {
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
  if (response.body === null || !isStream) return response;
  const reader: ReadableStreamDefaultReader<Uint8Array> = response.body.getReader();
  const held = [await reader.read()];
  while (isPriming(held.at(-1)?.value)) held.push(await reader.read());
  const body = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      const { done, value } = held.shift() ?? (await reader.read());
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  });
  const { status, statusText, headers } = response;
  return new Response(body, { status, statusText, headers });
}

/** The same stream behind a comment: headers leave with the first byte, and events may be long in coming. */
export function withOpening({ body, status, statusText, headers }: Response): Response {
  if (body === null || headers.get('content-type')?.startsWith('text/event-stream') !== true)
    return new Response(body, { status, statusText, headers });
  const opening = new TransformStream<Uint8Array, Uint8Array>({
    start: (controller) => controller.enqueue(new TextEncoder().encode(': open\n\n')),
  });
  return new Response(body.pipeThrough(opening), { status, statusText, headers });
}

function isPriming(chunk: Uint8Array | undefined): boolean {
  return chunk !== undefined && PRIMING.test(new TextDecoder().decode(chunk));
}
