import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { databases, type OpenedDatabase } from '../../test/harness/databases.ts';
import { onDatabase, onlyProducts, storedSets, wrongVectors } from '../../test/harness/embedded-products.ts';
import { type FakeEmbedder, fakeEmbedder } from '../../test/harness/fake-embedder.ts';
import { until } from '../../test/harness/until.ts';
import { type Embedders, embeddersOf, NO_EMBEDDERS } from '../kernel/embedding.ts';
import { ConfigurationError, UnavailableError } from '../kernel/errors.ts';
import { createLogger } from '../telemetry/logger.ts';
import { startEmbeddingUpkeep } from './embedding-upkeep.ts';

describe.each(databases)('the upkeep of vectors in $name', ({ open }) => {
  let opened: OpenedDatabase;
  let lines: Record<string, unknown>[];
  let stop = async () => {};
  beforeAll(async () => {
    opened = await open();
  });
  afterAll(() => opened.close());
  beforeEach(async () => {
    lines = [];
    await onlyProducts(opened.database, 3);
  });
  afterEach(() => stop());

  function start(
    embedders: Embedders,
    ms: { settleMs?: number; everyMs?: number; restMs?: number } = {},
  ): void {
    const logger = createLogger({
      level: 'debug',
      destination: { write: (line) => lines.push(JSON.parse(line)) },
    });
    ({ stop } = startEmbeddingUpkeep({ database: opened.database, embedders, logger, settleMs: 1, ...ms }));
  }
  const told = () => lines.map(({ message }) => message);
  const ended = () => told().filter((message) => message === 'embedding_ended').length;
  const run = (text: string) => onDatabase(opened.database, text);

  async function changeHeard(): Promise<void> {
    const heard = Promise.withResolvers<void>();
    const unsubscribe = opened.database.changes.subscribe(({ table }) => {
      if (table === 'retail.product_search') heard.resolve();
    });
    await until(() => opened.database.changes.isCurrent());
    await run(`UPDATE retail.products SET name = 'ball'`);
    await heard.promise;
    unsubscribe();
  }

  it('makes them from the start on and whenever a product changes, and says so', async () => {
    const embedder = fakeEmbedder({ price: 2 });
    start(embeddersOf(embedder));
    await until(() => ended() === 1);
    await run(`UPDATE retail.products SET name = 'ball' WHERE sku = 'P-2'`);
    await until(() => ended() === 2);
    await run(`UPDATE retail.products SET name = 'unspeakable' WHERE sku = 'P-3'`);
    await until(() => told().includes('embedding_texts_refused'));
    expect(await storedSets(opened.database)).toMatchObject([{ serves: true, vectors: 2, refused: 1 }]);
    expect(await wrongVectors(opened.database, 0, embedder.model)).toEqual(['P-3']);
    const once = ['embedding_began', 'embedding_ended'];
    expect(told()).toEqual([...once, ...once, ...once, 'embedding_texts_refused']);
    expect(lines[0]).toMatchObject({
      ...{ ...embedder.model, set: 'new', products: 3, up_to_date: 0 },
      ...{ estimated: '25 tokens', estimated_usd: 0.00005 },
    });
    expect(lines[1]).toMatchObject({ made: 3, refused: 0, serves: true });
    expect(lines[2]).toMatchObject({ set: 'serving', products: 1, up_to_date: 2 });
    expect(lines[6]).toMatchObject({ refused: 1 });
  });

  it('makes those of a catalogue that changes without an end run by run', async () => {
    const embedder = fakeEmbedder();
    embedder.before = async (_, batch) => {
      if (batch < 7) await run(`UPDATE retail.products SET name = 'change ${batch}' WHERE sku = 'P-2'`);
    };
    start(embeddersOf(embedder));
    await until(() => ended() === 2);
    expect(lines[1]).toMatchObject({ message: 'embedding_ended', made: 7, serves: true });
    expect(lines[3]).toMatchObject({ message: 'embedding_ended', made: 3, serves: true });
    expect(await wrongVectors(opened.database, 0, embedder.model)).toEqual([]);
  });

  it('looks every now and then, also where no change was heard', async () => {
    let looks = 0;
    const asLoader: typeof opened.database.asLoader = (signal, work, options) => {
      looks += 1;
      return opened.database.asLoader(signal, work, options);
    };
    const silent = {
      subscribe: () => () => {},
      isCurrent: () => true,
      watched: async () => new Set<string>(),
    };
    const logger = createLogger({ level: 'info', destination: { write: () => {} } });
    const upkeep = startEmbeddingUpkeep({
      ...{
        database: { asLoader, changes: silent },
        embedders: embeddersOf(fakeEmbedder()),
        logger,
        everyMs: 5,
      },
    });
    stop = upkeep.stop;
    await until(() => looks > 30);
    await upkeep.stop();
    const seen = looks;
    await run('SELECT 1');
    expect(looks).toBe(seen);
  });

  it('tries again later when the provider fails, longer each time, and says when', async () => {
    const embedder = fakeEmbedder();
    embedder.before = (_, batch) => {
      if (batch === 0) throw new UnavailableError('The provider is down.');
      if (batch === 1) throw new ConfigurationError('The key is wrong.');
    };
    start(embeddersOf(embedder), { restMs: 4 });
    await until(() => ended() === 1);
    const failed = lines.filter(({ message }) => message === 'embedding_failed');
    expect(failed).toMatchObject([
      { again_in_seconds: 0.004, done: 0, error: { message: 'The provider is down.' } },
      { again_in_seconds: 0.008, done: 0, error: { message: 'The key is wrong.' } },
    ]);
    expect(await storedSets(opened.database)).toMatchObject([{ serves: true, vectors: 3 }]);
  });

  it('rests after a failure, whatever changes meanwhile', async () => {
    const embedder = fakeEmbedder();
    let asked = 0;
    embedder.before = () => {
      asked += 1;
      throw new UnavailableError('The provider is down.');
    };
    start(embeddersOf(embedder), { restMs: 3_600_000 });
    await until(() => told().includes('embedding_failed'));
    await changeHeard();
    await stop();
    expect(asked).toBe(1);
  });

  it('leaves them to the process that is at it', async () => {
    await run(
      `INSERT INTO retail.embedding_work (worker, leased_until) VALUES (gen_random_uuid(), now() + interval '1 second')`,
    );
    const embedder = fakeEmbedder();
    start(embeddersOf(embedder));
    await until(() => ended() === 1);
    expect(told()).toEqual(['embedding_elsewhere', 'embedding_began', 'embedding_ended']);
    expect(lines[0]).toMatchObject({ again_in_seconds: 1 });
  });

  it('ends soon when it is stopped, and its lease with it', async () => {
    const embedder: FakeEmbedder = fakeEmbedder();
    const begun = Promise.withResolvers<void>();
    embedder.before = (_texts, _batch, { signal }) => {
      begun.resolve();
      return new Promise((_, reject) => signal.addEventListener('abort', reject));
    };
    start(embeddersOf(embedder));
    await begun.promise;
    await stop();
    expect(told()).toEqual(['embedding_began', 'embedding_stopped']);
    expect(await run('SELECT FROM retail.embedding_work')).toEqual([]);
  });

  it('of a server with older settings does not undo what one with newer ones has made', async () => {
    const [older, newer] = [fakeEmbedder({ model: 'older' }), fakeEmbedder({ model: 'newer' })];
    start(embeddersOf(older, newer), { restMs: 10 });
    const stopOlder = stop;
    await until(() => ended() === 1);
    start(embeddersOf(newer));
    const stopNewer = stop;
    stop = async () => void (await Promise.all([stopOlder(), stopNewer()]));
    await until(() => told().includes('embedding_model_differs'));
    await until(() => ended() === 2);
    await stopNewer();
    await run(`UPDATE retail.products SET name = 'ball' WHERE sku = 'P-2'`);
    await until(() => ended() === 3);
    expect([older.answered.length, newer.answered.length]).toEqual([3, 4]);
    expect(await storedSets(opened.database)).toMatchObject([{ slot: 1, model: 'newer', vectors: 3 }]);
  });

  it('makes none where there are to be none', async () => {
    start(NO_EMBEDDERS, { everyMs: 1 });
    await changeHeard();
    await stop();
    expect([await storedSets(opened.database), told()]).toEqual([[], []]);
  });
});
