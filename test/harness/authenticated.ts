/** A server as `aisle serve` composes it, on a database that the test holds, with the settings of an authenticated one. */
import { authenticationOf } from '../../src/app/authentication.ts';
import { createEngine } from '../../src/app/engine.ts';
import { createNarrowing } from '../../src/auth/narrow.ts';
import { loadConfig } from '../../src/config.ts';
import type { Database } from '../../src/data/database.ts';
import type { SecurityEvent, SecurityLog } from '../../src/kernel/audit.ts';
import { createReadiness } from '../../src/ops/readiness.ts';
import { silentLogger } from '../../src/telemetry/logger.ts';
import { createHttpTransport } from '../../src/transport/http.ts';

export interface AuthenticatedServer {
  readonly url: string;
  readonly events: readonly SecurityEvent[];
  /** POSTs a request with these headers. */
  post(method: string, params: object, headers: Record<string, string>): Promise<Response>;
  close(): Promise<void>;
}

export async function serveAuthenticated(
  database: Database,
  settings: Parameters<typeof loadConfig>[0],
  {
    securityLog,
    trustedProxies = [],
  }: { securityLog?: SecurityLog; trustedProxies?: readonly string[] } = {},
): Promise<AuthenticatedServer> {
  const config = await loadConfig({ ENVIRONMENT: 'production', ...settings }, {}, '/nonexistent');
  const events: SecurityEvent[] = [];
  const engine = await createEngine(config, database, silentLogger, undefined);
  const readiness = createReadiness({ ping: async () => {} });
  const transport = createHttpTransport({
    ...{ host: '127.0.0.1', port: 0, readiness, logger: silentLogger, trustedProxies },
  });
  const { url } = await transport.listen();
  transport.serve({
    serving: { ...engine, version: '1.2.3', logger: silentLogger },
    ...authenticationOf(config, database, silentLogger, { url }),
    narrow: createNarrowing({ findOwnStore: database.findOwnStore }),
    securityLog: securityLog ?? { record: async (event) => void events.push(event) },
  });
  readiness.serving();
  return {
    url,
    events,
    post: (method, params, headers) =>
      fetch(url, {
        method: 'POST',
        headers: {
          ...{ 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
          ...headers,
        },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
      }),
    close: () => transport.close(),
  };
}
