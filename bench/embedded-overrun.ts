/** What callers notice while a query overruns on the embedded database: health answers meanwhile, and the next query after. */
import { ask, connectClient, startServer } from '../test/harness/server-process.ts';
import type { Figures } from './report.ts';

const SEATTLE = 'f47ac10b-58cc-4372-a567-0e02b2c3d479';
const ENDLESS = 'SELECT count(*) FROM order_items a, order_items b, order_items c';

export async function embeddedOverrun(dataDir: string): Promise<Figures> {
  const server = await startServer(['--demo', '--data-dir', dataDir], { DB_STATEMENT_TIMEOUT_SECONDS: '3' });
  const client = await connectClient(server.url, SEATTLE);
  const health = server.url.replace('/mcp', '/health/live');
  const began = performance.now();
  let running = true;
  const overrun = ask(client, ENDLESS).catch(() => {
    running = false;
    return performance.now() - began;
  });
  const waits: number[] = [];
  while (running) {
    const asked = performance.now();
    await fetch(health);
    waits.push(performance.now() - asked);
  }
  const overrunMs = Number(await overrun);
  const next = performance.now();
  await ask(client, 'SELECT count(*) FROM orders');
  const nextMs = performance.now() - next;
  await client.close();
  await server.stop();
  waits.sort((a, b) => a - b);
  return {
    'limit ms': 3000,
    'answered after ms': Math.round(overrunMs),
    'health answers meanwhile': waits.length,
    'health median ms': round(waits[Math.floor(waits.length / 2)]),
    'health slowest ms': round(waits.at(-1)),
    'next query ms': Math.round(nextMs),
  };
}

function round(ms = 0): number {
  return Math.round(ms * 100) / 100;
}
