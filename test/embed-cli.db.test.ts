/** `aisle embed`, on the command line as operators run it, with a provider behind real HTTP. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EmbeddingServer, startEmbeddingServer } from './harness/embedding-server.ts';
import { placeOfEachTest, places } from './harness/places.ts';
import { startCli } from './harness/server-process.ts';

/** Imported products: their names are all that is known of them. */
const PRODUCTS = ['Apple', 'Broom', 'Candle'];

describe.each(places)('on $name', ({ name }) => {
  const place = placeOfEachTest(name, { isMigrated: true });
  let provider: EmbeddingServer;
  beforeEach(async () => {
    provider = await startEmbeddingServer();
    const csv = join(place.folder, 'sales.csv');
    const lines = PRODUCTS.map((product, n) => `R${n},2024-05-01,A${n},${product},2,0.5`);
    await writeFile(csv, ['No,Day,Code,Name,Pieces,Price', ...lines, ''].join('\n'));
    const fields = ['order_number=No', 'order_date=Day', 'sku=Code', 'description=Name'];
    const mapping = [...fields, 'quantity=Pieces', 'unit_price=Price'].flatMap((pair) => ['--map', pair]);
    await aisle(0, 'import', 'sales', csv, '--store', 'harbour', ...mapping);
  });
  afterEach(() => provider.close());

  const start = (...args: readonly string[]) =>
    startCli([...args, ...place.options], {
      ...{ OPENAI_BASE_URL: provider.url, OPENAI_API_KEY: 'sk-test', EMBEDDING_MODEL: 'planted' },
      ...{ EMBEDDING_DIMENSIONS: '4', CACHE_LEVEL: 'off' },
    });

  async function aisle(code: number, ...args: readonly string[]) {
    const cli = start(...args);
    expect(await cli.ended, cli.stderr()).toBe(code);
    return { out: cli.stdout(), err: cli.stderr() };
  }

  it('makes what is missing, tells what it costs first, and has nothing to do the second time', async () => {
    const { err, out } = await aisle(0, 'embed', '--dry-run');
    expect([out, provider.requests.length]).toEqual(['', 0]);
    expect(err).toContain('Products: 3 to embed, 0 up to date.\nThey go into a new set;');
    expect(err).toMatch(/Estimated: \d+ tokens, which cost nothing\.\n$/);
    expect((await aisle(0, 'embed')).out).toMatch(
      /^3 vectors were made in [\d.]+ s, 0 were up to date\.\nSearches use them\.\n$/,
    );
    expect(await aisle(0, 'embed', '--changed')).toEqual({
      ...{ out: 'Nothing to do: 3 products are up to date.\n', err: '' },
    });
    expect(JSON.parse((await aisle(0, 'embed', '--all', '--json')).out)).toMatchObject({
      ...{ provider: 'local', set: 'new', products: 3, made: 3, serves: true, stopped: false },
    });
    const exported = await aisle(0, 'audit', 'export', '--since', '2026-01-31');
    const events = exported.out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
      .filter(({ action }) => action === 'embed')
      .sort((a, b) => a.sequence - b.sequence);
    expect(events.map(({ event_type: type }) => type)).toEqual([
      ...['operator_began', 'embeddings_made', 'operator_began', 'embeddings_made'],
    ]);
    expect(events[1].details).toMatchObject({ provider: 'local', products: 3, made: 3, serves: true });
  }, 300_000);

  it('spends nothing that nobody has agreed to', async () => {
    const { out, err } = await aisle(2, 'embed', '--provider', 'openai');
    expect(out).toBe('');
    expect(err).toContain(
      'VALIDATION_ERROR: This takes tokens of the provider, at a price that is not known, and there is no terminal to ask on. Run it again with --yes.\n',
    );
    expect(provider.requests).toEqual([]);
    expect((await aisle(0, 'embed', '--provider', 'openai', '--yes')).out).toContain('3 vectors were made');
    expect(provider.embedded.length).toBe(3);
    expect(provider.embedded.map((text) => text.split(/\s/)[0]).toSorted()).toEqual(PRODUCTS);
  }, 300_000);

  it('stopped by Ctrl-C keeps what was made, says how to go on, and goes on', async () => {
    provider.always = 'hang';
    const cli = start('embed', '--provider', 'openai', '--yes');
    await provider.received(1);
    cli.process.kill('SIGINT');
    expect(await cli.ended).toBe(1);
    expect(cli.stdout()).toMatch(
      /^0 vectors were made in [\d.]+ s, 0 were up to date\.\nSearches do not use them yet/,
    );
    expect(cli.stderr()).toContain('Stopped; what was made is kept. "aisle embed" goes on from there.\n');
    provider.always = undefined;
    const { err } = await aisle(0, 'embed', '--provider', 'openai', '--yes');
    expect(err).toContain('They go into a set that was begun before;');
    expect(provider.embedded.length).toBe(3);
  }, 300_000);

  it('of a provider that refuses the key says so, and keeps the old vectors', async () => {
    await aisle(0, 'embed');
    provider.always = { status: 401 };
    const { err } = await aisle(1, 'embed', '--provider', 'openai', '--yes');
    expect(err).toMatch(/\nCONFIGURATION_ERROR: .*OPENAI_API_KEY/);
    expect(err).not.toContain('sk-test');
    expect(await aisle(0, 'embed')).toMatchObject({ out: 'Nothing to do: 3 products are up to date.\n' });
  }, 300_000);
});

describe('is refused:', () => {
  const place = placeOfEachTest('embedded', { isMigrated: true });
  it.each([
    ['all and changed at once', 2, ['--all', '--changed'], {}, /cannot be used with/],
    [
      'a provider that there is not',
      2,
      ['--provider', 'nobody'],
      {},
      /Allowed choices are local, openai, azure/,
    ],
    [
      'no provider',
      1,
      [],
      { EMBEDDING_PROVIDER: 'none' },
      /CONFIGURATION_ERROR: EMBEDDING_PROVIDER is "none"/,
    ],
  ])('%s', async (_, code, args, env, message) => {
    const cli = startCli(['embed', ...args, ...place.options], env);
    expect([await cli.ended, cli.stdout()]).toEqual([code, '']);
    expect(cli.stderr()).toMatch(message);
  });
});
