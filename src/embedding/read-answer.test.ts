import { describe, expect, test } from 'vitest';
import { readAnswer } from './read-answer.ts';

const item = (index: number, ...embedding: readonly unknown[]) => ({ object: 'embedding', index, embedding });
const read = (...data: readonly unknown[]) => readAnswer({ data }, data.length, 2);

test('vectors come in the order of their index, of unit length', () => {
  expect(read(item(2, 0, -2), item(0, 3, 4), item(1, 0.5, 0))).toEqual({
    is: 'vectors',
    vectors: [new Float32Array([0.6, 0.8]), new Float32Array([1, 0]), new Float32Array([0, -1])],
  });
});

test('a server that leaves the index out gives them in the order of the texts', () => {
  expect(read({ embedding: [0, 1] }, { embedding: [1, 0] })).toEqual({
    is: 'vectors',
    vectors: [new Float32Array([0, 1]), new Float32Array([1, 0])],
  });
});

test('neither very large nor very small numbers are lost', () => {
  expect(read(item(0, 3e300, 4e300), item(1, 3e-300, 4e-300))).toEqual({
    is: 'vectors',
    vectors: [new Float32Array([0.6, 0.8]), new Float32Array([0.6, 0.8])],
  });
});

test('a vector without direction is none, and does not take the others along', () => {
  expect(read(item(0, 0, 0), item(1, 0, 1))).toEqual({
    is: 'vectors',
    vectors: [undefined, new Float32Array([0, 1])],
  });
  expect(read(item(0, 0, 0))).toEqual({ is: 'vectors', vectors: [undefined] });
});

test('another width is told apart: settings mend it', () => {
  expect(read(item(0, 1, 2, 3))).toEqual({ is: 'wrong-width', came: 3 });
  expect(read(item(0, 1, 2), item(1))).toEqual({ is: 'wrong-width', came: 0 });
});

describe('what is no answer', () => {
  test.each([
    ['all vectors are zero', [item(0, 0, 0), item(1, 0, 0)]],
    ['"data.0.embedding.1" is not what belongs there', [item(0, 1, null)]],
    ['"data.0.embedding.0" is not what belongs there', [item(0, Number.NaN, 1)]],
    ['"data.0.embedding.0" is not what belongs there', [item(0, Number.POSITIVE_INFINITY, 1)]],
    ['"data.0.embedding.0" is not what belongs there', [item(0, '1', 1)]],
    ['"data.0.embedding" is not what belongs there', [{ index: 0, embedding: 'AAAA' }]],
    ['"data.0.index" is not what belongs there', [item(0.5, 1, 1)]],
    ['no vector has the index 1', [item(0, 1, 1), item(0, 1, 1)]],
    ['no vector has the index 0', [item(1, 1, 1), item(2, 1, 1)]],
  ])('%s', (why, data) => {
    expect(read(...data)).toEqual({ is: 'unusable', why });
  });

  test.each([['<html>'], [null], [undefined], [[]], [7]])('%j', (body) => {
    expect(readAnswer(body, 1, 2)).toEqual({ is: 'unusable', why: 'it is no list of vectors' });
  });

  test('too many or too few', () => {
    expect(readAnswer({ data: [item(0, 1, 1)] }, 2, 2)).toEqual({
      is: 'unusable',
      why: '2 vectors were asked for, 1 came',
    });
    expect(readAnswer({ data: [item(0, 1, 1), item(1, 1, 1)] }, 1, 2)).toEqual({
      is: 'unusable',
      why: '1 vectors were asked for, 2 came',
    });
  });
});
