import { z } from 'zod';
import type { Embedding } from '../kernel/embedding.ts';

const answer = z.object({
  data: z.array(z.object({ index: z.int().min(0).optional(), embedding: z.array(z.number()) })),
});

/** What an answer is worth. `wrong-width` is a matter of settings; `unusable` may be better the next time. */
export type ReadAnswer =
  | {
      readonly is: 'vectors';
      /** In the order of the texts; undefined where a vector has no direction, so that nothing can be near to it. */
      readonly vectors: readonly (Embedding | undefined)[];
    }
  | { readonly is: 'wrong-width'; readonly came: number }
  | { readonly is: 'unusable'; readonly why: string };

const unusable = (why: string): ReadAnswer => ({ is: 'unusable', why });

/** The vectors for `count` texts, of unit length, in the order of their `index`. */
export function readAnswer(body: unknown, count: number, dimensions: number): ReadAnswer {
  const parsed = answer.safeParse(body);
  if (!parsed.success) {
    const place = parsed.error.issues[0]?.path.join('.') ?? '';
    return unusable(place === '' ? 'it is no list of vectors' : `"${place}" is not what belongs there`);
  }
  const { data } = parsed.data;
  if (data.length !== count) return unusable(`${count} vectors were asked for, ${data.length} came`);
  const placed = new Map(data.map(({ index, embedding }, place) => [index ?? place, embedding]));
  const vectors: (Embedding | undefined)[] = [];
  for (let index = 0; index < count; index += 1) {
    const numbers = placed.get(index);
    if (numbers === undefined) return unusable(`no vector has the index ${index}`);
    if (numbers.length !== dimensions) return { is: 'wrong-width', came: numbers.length };
    vectors.push(unit(numbers));
  }
  // One text may mean nothing to a model; several at once mean that the model gives nothing.
  if (count > 1 && vectors.every((vector) => vector === undefined)) return unusable('all vectors are zero');
  return { is: 'vectors', vectors };
}

function unit(numbers: readonly number[]): Embedding | undefined {
  // Scaled first: squares of very large or small numbers would be infinite, or zero.
  const largest = numbers.reduce((most, number) => Math.max(most, Math.abs(number)), 0);
  if (largest === 0) return undefined;
  const length = Math.hypot(...numbers.map((number) => number / largest));
  return Float32Array.from(numbers, (number) => number / largest / length);
}
