import { expect, it } from 'vitest';
import { PortionSize } from './portion-size.ts';

it('a portion grows while saving is quick, to twice the last one and a hundred rows at most, and shrinks at once', () => {
  const portions = new PortionSize();
  const sizes = [1, 1, 1, 1, 250, 1000, 100_000].map((ms) => {
    portions.took(portions.rows, ms);
    return portions.rows;
  });
  expect(sizes).toEqual([20, 40, 80, 100, 100, 25, 1]);
});
