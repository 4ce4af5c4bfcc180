/**
 * Product search as it is served, with a provider behind real HTTP: the server makes the vectors itself, and when the provider is
 * killed searches go on by words and say so.
 */
import { describe, expect, it } from 'vitest';
import { startEmbeddingServer } from './harness/embedding-server.ts';
import { placeOfEachTest, places } from './harness/places.ts';
import { connectClient, startCli, startServer } from './harness/server-process.ts';

interface Answer {
  readonly mode: string;
  readonly degraded?: string;
  readonly products: readonly { readonly sku: string }[];
}

/** Products of the demo. */
const PRODUCTS = 445;

describe.each(places)('on $name', ({ name }) => {
  const place = placeOfEachTest(name, { isMigrated: true });

  it('searches by meaning, and by words when the provider has been killed', async () => {
    const provider = await startEmbeddingServer();
    const env = {
      ...{ EMBEDDING_PROVIDER: 'openai', OPENAI_BASE_URL: provider.url, EMBEDDING_MODEL: 'planted' },
      ...{ EMBEDDING_DIMENSIONS: '4', LOG_LEVEL: 'info' },
    };
    const seeded = startCli(['seed', '--customers', '8', '--orders', '8', ...place.options], env);
    expect(await seeded.ended, seeded.stderr()).toBe(0);
    const server = await startServer(['--as', 'head-office', ...place.options], env);
    try {
      const client = await connectClient(server.url);
      const find = async (query: string): Promise<Answer> => {
        const args = { query, max_rows: 3 };
        const result = await client.callTool({ name: 'hybrid_product_search', arguments: args });
        return result.structuredContent as unknown as Answer;
      };
      await server.waitFor(/"embedding_ended"/);
      expect(provider.embedded).toHaveLength(PRODUCTS);
      expect(await find('hammer')).toMatchObject({ mode: 'hybrid' });
      expect(provider.embedded.slice(PRODUCTS)).toEqual(['hammer']);

      await provider.close();
      const { mode, degraded, products } = await find('cordless drill');
      expect(mode).toBe('text');
      expect(degraded).toMatch(/^\S.*\. So only words were compared\.$/);
      expect(products[0]?.sku).toBe('PT-2101');
      // The vector of what was searched for before is kept, whatever else is asked.
      const again = await client.callTool({
        name: 'hybrid_product_search',
        arguments: { query: 'hammer', max_rows: 4 },
      });
      expect(again.structuredContent).toMatchObject({ mode: 'hybrid' });
      await client.close();
    } finally {
      await server.stop();
    }
  });
});
