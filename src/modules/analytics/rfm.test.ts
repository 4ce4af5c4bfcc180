import { describe, expect, test } from 'vitest';
import { SEGMENT_RULES, segmentOf } from './rfm.ts';

describe('segments', () => {
  test.each([
    [5, 5, 5, 'champions'],
    [4, 4, 4, 'champions'],
    [4, 4, 3, 'loyal'],
    [3, 5, 5, 'loyal'],
    [3, 3, 5, 'big_spenders'],
    [5, 1, 5, 'big_spenders'],
    [4, 3, 4, 'potential_loyal'],
    [4, 2, 1, 'potential_loyal'],
    [5, 1, 4, 'new'],
    [3, 3, 4, 'need_attention'],
    [3, 1, 1, 'need_attention'],
    [2, 4, 4, 'cannot_lose'],
    [1, 5, 5, 'cannot_lose'],
    [2, 4, 3, 'at_risk'],
    [1, 3, 5, 'at_risk'],
    [2, 2, 5, 'hibernating'],
    [1, 2, 2, 'lost'],
    [1, 1, 1, 'lost'],
  ])('R%i F%i M%i: %s', (recency, frequency, monetary, segment) => {
    expect(segmentOf({ recency, frequency, monetary })).toBe(segment);
  });

  test('each of the 125 scores falls into a segment with a rule, and each segment is reached', () => {
    const scores = [1, 2, 3, 4, 5];
    const reached = new Set(
      scores.flatMap((recency) =>
        scores.flatMap((frequency) => scores.map((monetary) => segmentOf({ recency, frequency, monetary }))),
      ),
    );
    expect([...reached].sort()).toEqual([...SEGMENT_RULES.keys()].sort());
  });
});
