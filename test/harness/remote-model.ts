/** An embedder at a server of the test's own, whose waiting takes no time: it is noted, and the clock goes on. */
import { openAiEndpoint } from '../../src/embedding/openai-endpoint.ts';
import type { Pause } from '../../src/embedding/patience.ts';
import { Provider } from '../../src/embedding/provider.ts';
import { createRemoteEmbedder } from '../../src/embedding/remote-embedder.ts';
import { RemoteModel } from '../../src/embedding/remote-model.ts';
import type { Clock } from '../../src/kernel/clock.ts';
import type { Embedder, EmbeddingModel } from '../../src/kernel/embedding.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import { testClock } from './test-clock.ts';

export const MODEL: EmbeddingModel = { provider: 'openai', model: 'test-model', version: '1', dimensions: 4 };
export const TEST_KEY = 'key-of-the-embedding-provider';

export interface RemoteUnderTest {
  readonly embedder: Embedder;
  readonly clock: Clock;
  readonly pass: (ms: number) => void;
  /** Milliseconds of each wait between two tries. */
  readonly waits: number[];
  /** What was logged, line by line. */
  readonly lines: () => readonly Readonly<Record<string, unknown>>[];
  readonly log: () => string;
}

export interface RemoteOptions {
  readonly model?: EmbeddingModel;
  readonly key?: string | undefined;
  readonly isShortened?: boolean;
  readonly queryTimeoutMs?: number;
  /** Of one request for documents. */
  readonly requestTimeoutMs?: number;
  /** Waits do not end before this. */
  readonly resume?: Promise<unknown>;
}

export function remoteAt(url: string, options: RemoteOptions = {}): RemoteUnderTest {
  const { model = MODEL, isShortened = false, queryTimeoutMs = 60_000 } = options;
  const key = 'key' in options ? options.key : TEST_KEY;
  const { clock, pass } = testClock();
  const waits: number[] = [];
  let log = '';
  const destination = {
    write: (line: string) => {
      log += line;
    },
  };
  const logger = createLogger({ level: 'trace', destination });
  const endpoint = openAiEndpoint({ OPENAI_BASE_URL: url, OPENAI_API_KEY: key });
  const provider = new Provider({ endpoint, logger, clock });
  const pause: Pause = async (ms, signal) => {
    signal.throwIfAborted();
    waits.push(ms);
    await options.resume;
    signal.throwIfAborted();
    pass(ms);
  };
  const embedder = createRemoteEmbedder({
    remote: new RemoteModel(model, provider, isShortened),
    pricePerMillionTokens: undefined,
    queryTimeoutMs,
    documentTimes: { pause, requestTimeoutMs: options.requestTimeoutMs },
  });
  const lines = () =>
    log
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  return { embedder, clock, pass, waits, lines, log: () => log };
}
