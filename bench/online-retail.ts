/**
 * The published figures of the UCI Online Retail data set, asked of a server over HTTP with the SDK's client after an import
 * by the command line: as two stores and as the head office. Fails when one differs.
 */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ask, connectClient, startCli, startServer } from '../test/harness/server-process.ts';
import type { Figures } from './report.ts';

const TOTALS = `SELECT count(*) AS lines, sum(i.line_total) AS sum, count(DISTINCT o.order_number) AS orders,
  count(DISTINCT c.customer_number) AS customers, count(DISTINCT p.sku) AS skus,
  count(*) FILTER (WHERE i.quantity < 0) AS negative, count(DISTINCT s.slug) AS stores
  FROM order_items i JOIN orders o USING (store_id, order_id) JOIN products p USING (product_id)
  JOIN stores s ON s.store_id = i.store_id
  LEFT JOIN customers c ON c.store_id = o.store_id AND c.customer_id = o.customer_id`;

/** What the data set's documentation says, and for the second store what the file itself adds up to. */
const EXPECTED: Readonly<Record<string, readonly unknown[]>> = {
  'head-office': [541_909, '9747747.934', 25_900, 4_372, 4_070, 10_624, 38],
  'united-kingdom': [495_478, '8187806.364'],
  germany: [9_495, '221698.21'],
};

export async function onlineRetail(
  csv: string,
  place: readonly string[],
): Promise<Readonly<Record<string, Figures>>> {
  const began = performance.now();
  const rejects = join(tmpdir(), `aisle-rejects-${process.pid}.csv`);
  const load = startCli([
    'import',
    'sales',
    csv,
    '--profile',
    'online-retail',
    '--store-by',
    'Country',
    '--rejects',
    rejects,
    ...place,
  ]);
  const exit = await load.ended;
  if (exit !== 0) throw new RangeError(`the import ended with ${exit}:\n${load.stderr()}`);
  const importSeconds = (performance.now() - began) / 1000;
  const results: Record<string, Figures> = {};
  for (const [slug, expected] of Object.entries(EXPECTED)) {
    results[slug] = await totalsAs(slug, expected, place);
  }
  return { ...results, import: { 'seconds with start-up': Math.round(importSeconds * 10) / 10 } };
}

async function totalsAs(
  slug: string,
  expected: readonly unknown[],
  place: readonly string[],
): Promise<Figures> {
  const server = await startServer([...place, '--as', slug]);
  const client = await connectClient(server.url);
  try {
    const began = performance.now();
    const { columns, rows } = await ask(client, TOTALS);
    const ms = Math.round(performance.now() - began);
    const found = rows[0] ?? [];
    if (!expected.every((value, index) => value === found[index])) {
      throw new RangeError(`${slug}: ${JSON.stringify(found)} and not ${JSON.stringify(expected)}`);
    }
    const figures = Object.fromEntries(columns.map(({ name }, index) => [name, String(found[index])]));
    return { ...figures, 'answered in ms': ms };
  } finally {
    await client.close();
    await server.stop();
  }
}
