import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Embedding, EmbeddingOutcome } from '../kernel/embedding.ts';
import { CancelledError } from '../kernel/errors.ts';
import { createLocalEmbedder } from './local-embedder.ts';

const embedder = createLocalEmbedder();
const { signal } = new AbortController();
const embed = (text: string) => embedder.embedQuery(text, { signal });

function cosine(one: Embedding, other: Embedding): number {
  return one.reduce((sum, value, place) => sum + value * (other[place] ?? 0), 0);
}

async function likeness(one: string, other: string): Promise<number> {
  return cosine(await embed(one), await embed(other));
}

/** SHA-256 of the numbers as they are in memory on every machine that Node runs on. */
function digest(vectors: readonly EmbeddingOutcome[]): string {
  const hash = createHash('sha256');
  for (const vector of vectors) if (vector instanceof Float32Array) hash.update(vector);
  return hash.digest('hex');
}

/** Something of all that is treated in a way of its own. */
const TEXTS = [
  'Cordless drill 18V\nDrills, Power Tools\nFor wood, metal & brick.',
  'PEX-A Tubing 1/2 in. x 100 ft, Red\nPipe & Tubing, Plumbing\nFlexible hot-water line that bends around corners.',
  'something to hang a heavy mirror with, not a nail',
  'two by four stud, 1-1/2" thick, 1,000 lm A19',
  'Crème brûlée ½ ™ 🔨',
  '电动螺丝刀 дрель ударная 망치',
  '',
];

describe('what it is', () => {
  test('a model that costs nothing', () => {
    expect(embedder.model).toStrictEqual({
      provider: 'local',
      model: 'hashed-ngrams',
      version: '1',
      dimensions: 1536,
    });
    expect(embedder.pricePerMillionTokens).toBe(0);
  });

  // Red? Then vectors that lie in databases can't be compared with new ones: raise the version, and only then change these.
  test('the same vectors for ever', async () => {
    const [drill = new Float32Array()] = await Promise.all(TEXTS.map(embed));
    expect([drill[0], drill[1272], drill[702], drill[95]]).toStrictEqual([
      0.4472135901451111, -0.17864789068698883, 0.14869904518127441, 0.13838006556034088,
    ]);
    expect(digest(await embedder.embedDocuments(TEXTS, { signal }))).toBe(
      '904a685163ee5471df3726dc34a9e15f4ac5d4511516baab715283b72157b6c8',
    );
  });

  test('a text has one vector, as query or document, alone or among others, here or in another embedder', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: 'binary', maxLength: 80 }), { minLength: 1, maxLength: 5 }),
        async (texts) => {
          const documents = await createLocalEmbedder().embedDocuments(texts, { signal });
          expect(documents).toStrictEqual(await Promise.all(texts.map(embed)));
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('any text has a vector of unit length', () => {
  async function expectUnitLength(text: string): Promise<void> {
    const vector = await embed(text);
    expect(vector).toHaveLength(1536);
    expect(cosine(vector, vector)).toBeCloseTo(1, 5);
  }

  test.each([
    ['nothing', ''],
    ['blanks', ' \n\t '],
    ['only punctuation', '!?… — ,.;'],
    ['only empty words', 'the of and'],
    ['emoji', '🔨🪛'],
    ['accents', 'Crème brûlée naïve'],
    ['4,000 characters', 'stainless '.repeat(400)],
    ['4,000 letters of one word', 'x'.repeat(4000)],
    ['half of a surrogate pair', '\ud83d'],
    ['NUL', 'a\0b'],
    ['Chinese', '电动螺丝刀'],
    ['Arabic', 'مثقاب كهربائي'],
    ['Hindi', 'हथौड़ा'],
    ['Thai', 'ค้อน'],
    ['Korean', '망치'],
  ])('%s', async (_, text) => expectUnitLength(text));

  test('whatever it is', async () => {
    await fc.assert(fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 300 }), expectUnitLength), {
      numRuns: 200,
    });
  });
});

describe('a text of nothing', () => {
  test('is like the others of its kind and like no product', async () => {
    expect(await likeness('', '?!')).toBe(1);
    const nothing = await embed('…');
    for (const text of ['drill', 'the', '🔨']) expect(cosine(nothing, await embed(text)), text).toBe(0);
  });
});

describe('likeness', () => {
  test('of two texts with nothing in common is 0.2, give or take what chance puts into one place', async () => {
    const products = await Promise.all(['hammer', 'ladder', 'wallpaper', 'grease', 'compost'].map(embed));
    const others = await Promise.all(['pvc', 'lumber', 'socket', 'vinyl', 'thermostat'].map(embed));
    const all = products.flatMap((one) => others.map((other) => cosine(one, other)));
    expect(Math.max(...all)).toBeLessThan(0.4);
    expect(Math.min(...all)).toBeGreaterThan(0.1);
    expect(all.reduce((sum, value) => sum + value, 0) / all.length).toBeCloseTo(0.2, 1);
  });

  test.each([
    ['hammer', 'HAMMER'],
    ['1/2" pipe', 'half-inch pipe'],
    ['18V drill', 'drill 18 volt'],
    ['5 gal. bucket', 'five gallon bucket'],
    ['2x4 stud', 'stud, two by four'],
    ['façade paint', 'facade paint'],
  ])('%s is %s', async (one, other) => expect(await likeness(one, other)).toBeGreaterThan(0.9));

  test.each([
    ['screwdriver', 'scredwriver', 'saw'],
    ['screwdriver', 'screw driver', 'wire stripper'],
    ['drywall', 'dry wall', 'paint roller'],
    ['faucet', 'fauset', 'carpet'],
    ['extension cord', 'extention cords', 'tension rod'],
    ['painting', 'painter', 'printer'],
    ['电动螺丝刀', '螺丝刀', '水管'],
    ['дрель ударная', 'ударные дрели', 'обои'],
  ])('%s is nearer to %s than to %s', async (text, near, far) => {
    expect(await likeness(text, near)).toBeGreaterThan((await likeness(text, far)) + 0.1);
  });

  test('what a word is worth decides: the thing before what is said of everything', async () => {
    const wanted = await likeness('something good for the hammer', 'claw hammer');
    expect(wanted).toBeGreaterThan(
      (await likeness('something good for the hammer', 'something good for the garden')) + 0.1,
    );
  });

  test('the first line, the name, counts more than the others', async () => {
    const named = await likeness('hammer', 'hammer\nnails and boards');
    expect(named).toBeGreaterThan(await likeness('hammer', 'nails and boards\nhammer'));
  });
});

describe('who has left gets nothing', () => {
  test('neither a query nor documents are embedded once the signal is aborted', async () => {
    const left = AbortSignal.abort(new CancelledError('left'));
    await expect(embedder.embedQuery('drill', { signal: left })).rejects.toThrow(CancelledError);
    await expect(embedder.embedDocuments(['drill'], { signal: left })).rejects.toThrow(CancelledError);
  });
});
