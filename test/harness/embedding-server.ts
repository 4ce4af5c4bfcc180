/**
 * A server on loopback that speaks the embeddings API of OpenAI (`/v1/embeddings`) and of Azure
 * (`/openai/deployments/<name>/embeddings`), with vectors that are known beforehand, and failures to order.
 */
import { createHash } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as readText } from 'node:stream/consumers';

/** What one request is answered with in place of vectors. */
export type Fault =
  | {
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly error?: Readonly<Record<string, unknown>>;
    }
  /** Status 200, and this text. */
  | { readonly body: string; readonly type?: string }
  /** The right answer, spoiled. */
  | { readonly spoil: (items: readonly EmbeddingItem[]) => readonly unknown[] }
  /** The right answer, once this has come. */
  | { readonly after: Promise<unknown> }
  | 'hang'
  /** The connection ends without an answer. */
  | 'reset'
  /** The connection ends in the middle of it. */
  | 'break off';

interface EmbeddingItem {
  readonly object: 'embedding';
  readonly index: number;
  readonly embedding: readonly number[];
}

interface ReceivedRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** As it was sent. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly texts: readonly string[];
}

export interface EmbeddingServerOptions {
  /** The vector of a text. Default: `plantedVector` of 4 numbers. */
  readonly embed?: (text: string) => readonly number[];
  /** Texts that are refused with 400, with whatever else is in the request. */
  readonly refuses?: (text: string, request: ReceivedRequest) => boolean;
  /** More texts than this in one request are refused with 413. */
  readonly mostTexts?: number;
  /** Default: any key, and none. */
  readonly key?: string;
}

export interface EmbeddingServer {
  /** For OPENAI_BASE_URL. */
  readonly url: string;
  /** For AZURE_OPENAI_ENDPOINT. */
  readonly origin: string;
  readonly requests: readonly ReceivedRequest[];
  /** Every text that was answered with a vector, in that order. */
  readonly embedded: readonly string[];
  /** The next requests fail in these ways, one each; may be added to. */
  readonly faults: Fault[];
  /** All requests fail in this way, once `faults` is empty. */
  always: Fault | undefined;
  /** When so many requests have come since the start. */
  received(count: number): Promise<void>;
  close(): Promise<void>;
}

/** A direction for each text, the same in every run; of unit length. */
export function plantedVector(text: string, dimensions = 4): readonly number[] {
  const numbers = Array.from({ length: dimensions }, (_, place) => {
    const digest = createHash('sha256').update(`${place} ${text}`).digest();
    return digest.readInt32BE() / 2 ** 31;
  });
  const length = Math.hypot(...numbers);
  return numbers.map((number) => number / length);
}

export async function startEmbeddingServer({
  embed = plantedVector,
  refuses = () => false,
  mostTexts = Number.POSITIVE_INFINITY,
  key,
}: EmbeddingServerOptions = {}): Promise<EmbeddingServer> {
  const requests: ReceivedRequest[] = [];
  const embedded: string[] = [];
  const faults: Fault[] = [];
  const waiting: { readonly count: number; readonly arrived: () => void }[] = [];

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const received = receivedFrom(request, JSON.parse(await readText(request)));
    requests.push(received);
    for (const { count, arrived } of waiting) if (requests.length >= count) arrived();
    const fault = faults.shift() ?? self.always;
    if (fault === undefined || typeof fault === 'string' || !('status' in fault)) {
      const refused = refusalOf(received);
      if (refused !== undefined) return send(response, ...refused);
    }
    const items = received.texts.map((text, index) => ({
      ...{ object: 'embedding' as const, index },
      embedding: embed(text),
    }));
    const list = (data: readonly unknown[]) => ({ object: 'list', data, model: received.body.model });
    const succeed = () => {
      embedded.push(...received.texts);
      send(response, 200, list(items));
    };
    if (fault === undefined) return succeed();
    if (fault === 'hang') return;
    if (fault === 'reset') return void request.socket.resetAndDestroy();
    if (fault === 'break off') {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100000' });
      return void response.write('{"data": [', () => request.socket.destroy());
    }
    if ('after' in fault) return void fault.after.then(succeed);
    if ('body' in fault) {
      response.writeHead(200, { 'content-type': fault.type ?? 'application/json' }).end(fault.body);
    } else if ('spoil' in fault) send(response, 200, list(fault.spoil(items)));
    else send(response, fault.status, { error: fault.error ?? { message: 'To order.' } }, fault.headers);
  }

  function refusalOf(received: ReceivedRequest): readonly [number, unknown] | undefined {
    const { headers, texts } = received;
    const { authorization, 'api-key': apiKey } = headers;
    if (key !== undefined && authorization !== `Bearer ${key}` && apiKey !== key)
      return [401, { error: { message: `Incorrect API key provided: ${authorization ?? apiKey}` } }];
    if (texts.length > mostTexts) return [413, { error: { message: 'Too large.' } }];
    const refused = texts.find((text) => refuses(text, received));
    return refused === undefined ? undefined : [400, { error: { message: `Invalid input: ${refused}` } }];
  }

  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const self: EmbeddingServer = {
    url: `${origin}/v1`,
    origin,
    requests,
    embedded,
    faults,
    always: undefined,
    received: (count) =>
      new Promise((arrived) => {
        if (requests.length >= count) arrived();
        else waiting.push({ count, arrived });
      }),
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
  return self;
}

function receivedFrom({ url, headers }: IncomingMessage, body: Record<string, unknown>): ReceivedRequest {
  return {
    path: url ?? '',
    headers,
    body,
    texts: [body.input].flat().map(String),
  };
}

function send(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}
