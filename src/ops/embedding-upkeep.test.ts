import { expect, it } from 'vitest';
import { fakeEmbedder } from '../../test/harness/fake-embedder.ts';
import { embeddersOf, NO_EMBEDDERS } from '../kernel/embedding.ts';
import type { EmbeddingSet } from './embedding/embedding-set.ts';
import { embedderFor } from './embedding-upkeep.ts';

const ours = fakeEmbedder({ model: 'ours' });
const theirs = fakeEmbedder({ model: 'theirs' });
const unknown = fakeEmbedder({ model: 'unknown' });
const embedders = embeddersOf(ours, theirs);

const SINCE = new Date('2026-01-02T00:00:00Z');
const [BEFORE, LATER] = [new Date('2026-01-01T00:00:00Z'), new Date('2026-01-03T00:00:00Z')];

function set({ model }: typeof ours, begunAt: Date, serves: boolean, isRetired = false): EmbeddingSet {
  return { ...model, slot: serves ? 0 : 1, serves, isRetired, setId: model.model, begunAt };
}

it.each([
  ['no set', [], ours],
  ['its own set', [set(ours, BEFORE, true)], ours],
  ['a set of another model, from before it started', [set(theirs, BEFORE, true)], ours],
  ['a set of another model that was begun after it started', [set(theirs, LATER, true)], theirs],
  ['one that it can not embed with', [set(unknown, LATER, true)], undefined],
  [
    'its own set, while another process makes a newer one',
    [set(ours, BEFORE, true), set(theirs, LATER, false)],
    ours,
  ],
  [
    'an old set, while another process makes a newer one',
    [set(theirs, BEFORE, true), set(unknown, LATER, false)],
    theirs,
  ],
  ['an old set and its own, begun later', [set(theirs, BEFORE, true), set(ours, LATER, false)], ours],
  [
    'its own set and what is left of another',
    [set(ours, LATER, true), set(theirs, LATER, false, true)],
    ours,
  ],
])('a server that meets %s embeds with what is right', (_, sets, expected) => {
  expect(embedderFor(embedders, sets, SINCE)).toBe(expected);
});

it('a server that is to make no vectors keeps none', () => {
  expect(embedderFor(NO_EMBEDDERS, [set(theirs, LATER, true)], SINCE)).toBeUndefined();
});
