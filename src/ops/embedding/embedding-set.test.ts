import { describe, expect, it } from 'vitest';
import type { EmbeddingModel } from '../../kernel/embedding.ts';
import { type EmbeddingSet, placeFor, type Slot } from './embedding-set.ts';

const OURS: EmbeddingModel = { provider: 'local', model: 'ours', version: '1', dimensions: 8 };

function set(slot: Slot, model: string, state: 'serves' | 'begun' | 'retired'): EmbeddingSet {
  const [serves, isRetired] = [state === 'serves', state === 'retired'];
  return { ...OURS, model, slot, serves, isRetired, setId: `${slot}`, begunAt: new Date(0) };
}

describe('vectors of a model belong', () => {
  const serving = set(0, 'ours', 'serves');
  const foreign = set(0, 'theirs', 'serves');
  const begun = set(1, 'ours', 'begun');
  const left = set(1, 'theirs', 'begun');
  const retired = set(1, 'ours', 'retired');
  it.each([
    ['into a first set', [], false, { slot: 0 }],
    ['into the set that serves', [serving], false, { set: serving }],
    ['into the set that serves, whatever else was begun', [serving, begun], false, { set: serving }],
    ['beside it when all are wanted', [serving], true, { slot: 1 }],
    ['into what was begun when all were wanted', [serving, begun], true, { set: begun }],
    ['beside a set of another model', [foreign], false, { slot: 1 }],
    ['beside one in the other slot', [{ ...foreign, slot: 1 as const }], false, { slot: 0 }],
    ['into what was begun beside it', [foreign, begun], false, { set: begun }],
    ['in the place of what was begun of another model', [foreign, left], false, { slot: 1, replaces: left }],
    ['in the place of what has served', [foreign, retired], false, { slot: 1, replaces: retired }],
    [
      'in the place of what has served, all of them',
      [serving, retired],
      true,
      { slot: 1, replaces: retired },
    ],
    ['into the one of two that never served', [{ ...left, slot: 0 as const }, begun], false, { set: begun }],
  ])('%s', (_, sets, isWhole, place) => {
    expect(placeFor(sets, OURS, isWhole)).toEqual(place);
  });
});
