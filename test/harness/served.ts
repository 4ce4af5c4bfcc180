/** An HTTP transport over the fake module on a free port, with two known subjects. */
import { createDevelopmentAuthenticator } from '../../src/auth/development.ts';
import { createNarrowing } from '../../src/auth/narrow.ts';
import type { Role } from '../../src/kernel/role.ts';
import { createReadiness, type ReadinessControl } from '../../src/ops/readiness.ts';
import { createPipeline, type PipelineOptions } from '../../src/pipeline/index.ts';
import type { Serving } from '../../src/protocol/serving.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import {
  createHttpTransport,
  type HttpTransport,
  type HttpTransportOptions,
} from '../../src/transport/http.ts';
import type { Served as EndpointServed } from '../../src/transport/mcp-endpoint.ts';
import { type FakeModule, fakeModule } from './fake-module.ts';

export const SEATTLE = '0190a000-0000-7000-8000-000000000001';
export const HEAD_OFFICE = '0190a000-0000-7000-8000-000000000002';
const SUBJECTS: readonly {
  readonly subject: string;
  readonly name: string;
  readonly roles: readonly Role[];
}[] = [
  { subject: SEATTLE, name: 'seattle', roles: ['store_manager'] },
  { subject: HEAD_OFFICE, name: 'head-office', roles: ['super_admin'] },
];

async function findSubject(idOrSlug: string) {
  return SUBJECTS.find(({ subject, name }) => subject === idOrSlug || name === idOrSlug);
}

export interface Served extends FakeServing {
  readonly url: string;
  readonly origin: string;
  readonly readiness: ReadinessControl;
  readonly transport: HttpTransport;
  /** POSTs a JSON body as Seattle. */
  post(body: unknown, headers?: Record<string, string>): Promise<Response>;
}

export interface FakeServing {
  readonly serving: Serving;
  readonly fake: FakeModule;
  /** The log lines so far, parsed. */
  readonly logged: readonly Record<string, unknown>[];
}

export function fakeServing(
  pipeline: Partial<PipelineOptions> = {},
  { modules = [], ...more }: Partial<Serving> = {},
): FakeServing {
  const logged: Record<string, unknown>[] = [];
  const logger = createLogger({
    level: 'debug',
    destination: { write: (line) => logged.push(JSON.parse(line)) },
  });
  const fake = fakeModule();
  const serving = {
    modules: [fake, ...modules],
    pipeline: createPipeline({ logger, checkOutput: true, ...pipeline }),
    version: '1.2.3',
    logger,
    ...more,
  };
  return { serving, fake, logged };
}

export async function serve(
  options: Partial<HttpTransportOptions> = {},
  pipeline: Partial<PipelineOptions> = {},
  served: Partial<Omit<EndpointServed, 'serving'>> = {},
  serving: Partial<Serving> = {},
): Promise<Served> {
  const made = fakeServing(pipeline, serving);
  const readiness = createReadiness({ ping: async () => {} });
  const transport = createHttpTransport({
    host: '127.0.0.1',
    port: 0,
    readiness,
    logger: made.serving.logger,
    ...options,
  });
  transport.serve({
    serving: made.serving,
    authenticator: createDevelopmentAuthenticator({ findSubject }),
    narrow: createNarrowing({ findOwnStore: async () => undefined }),
    securityLog: { record: async () => {} },
    ...served,
  });
  readiness.serving();
  const { url } = await transport.listen();
  const post = (body: unknown, headers: Record<string, string> = {}) =>
    fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        'x-rls-user-id': SEATTLE,
        ...headers,
      },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  return { ...made, url, origin: new URL(url).origin, readiness, transport, post };
}
