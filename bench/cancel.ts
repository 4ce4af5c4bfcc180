/** From a client's cancelling to the moment at which PostgreSQL no longer works on the query, for each way to cancel. */
import { beginEndless, ROUTES, watchBackends } from '../test/harness/cancelling.ts';
import { startServer } from '../test/harness/server-process.ts';
import type { Figures } from './report.ts';

const TIMES = 30;

export async function cancelling(databaseUrl: string): Promise<Readonly<Record<string, Figures>>> {
  const server = await startServer(['--database-url', databaseUrl, '--demo']);
  const subject = /^ {2}seattle +([0-9a-f-]{36})/m.exec(server.stdout())?.[1] ?? '';
  const watched = await watchBackends(databaseUrl);
  const figures: Record<string, Figures> = {};
  for (const { name, connect } of ROUTES) {
    const client = await connect({ serverUrl: server.url, databaseUrl, subject });
    const taken: number[] = [];
    for (let n = 0; n < TIMES; n += 1) {
      const { cancel } = beginEndless(client);
      while ((await watched.busy()) === 0);
      const began = performance.now();
      void cancel();
      while ((await watched.busy()) > 0);
      taken.push(performance.now() - began);
    }
    await client.close();
    taken.sort((a, b) => a - b);
    const at = (share: number) => Math.round((taken[Math.floor(TIMES * share)] ?? Number.NaN) * 10) / 10;
    figures[name] = { times: TIMES, 'p50 ms': at(0.5), 'p95 ms': at(0.95), 'slowest ms': at(0.999) };
  }
  await watched.close();
  await server.stop();
  return figures;
}
