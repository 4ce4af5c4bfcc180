/**
 * The same answer, once the first of its stream is there. A stream of the older protocol begins with the result, so its
 * headers can still say what came of the call; a keep-alive comment goes first when the call takes longer than that.
 */
export async function withFirstChunk(response: Response): Promise<Response> {
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
  if (response.body === null || !isStream) return response;
  const reader: ReadableStreamDefaultReader<Uint8Array> = response.body.getReader();
  let next: ReturnType<typeof reader.read> | undefined = reader.read();
  await next;
  const body = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      const { done, value } = await (next ?? reader.read());
      next = undefined;
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  });
  const { status, statusText, headers } = response;
  return new Response(body, { status, statusText, headers });
}
