import { describe, expect, it } from 'vitest';
import { Choice, indexAbove, mix, Random, runningSums } from './random.ts';

const take = (random: Random, count: number) => Array.from({ length: count }, () => random.uint32());

describe('Random', () => {
  it('repeats itself for the same seed and purpose, and only for those', () => {
    const numbers = take(new Random(42, 'orders'), 50);
    expect(take(new Random(42, 'orders'), 50)).toEqual(numbers);
    expect(take(new Random(43, 'orders'), 50)).not.toEqual(numbers);
    expect(take(new Random(42, 'customers'), 50)).not.toEqual(numbers);
    expect(take(new Random(42 + 2 ** 40, 'orders'), 50)).not.toEqual(numbers);
  });

  it('keeps to its bounds and spreads evenly', () => {
    const random = new Random(1, 'test');
    const counts = new Map<number, number>();
    for (let draw = 0; draw < 60_000; draw += 1) {
      const value = random.between(-1, 4);
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    expect([...counts.keys()].sort((left, right) => left - right)).toEqual([-1, 0, 1, 2, 3, 4]);
    for (const count of counts.values()) expect(Math.abs(count - 10_000)).toBeLessThan(400);
  });

  it('draws normal and geometric numbers with their means', () => {
    const random = new Random(2, 'test');
    let normal = 0;
    let square = 0;
    let geometric = 0;
    for (let draw = 0; draw < 50_000; draw += 1) {
      const value = random.normal();
      normal += value;
      square += value * value;
      geometric += random.geometric(0.8);
    }
    expect(normal / 50_000).toBeCloseTo(0, 1);
    expect(square / 50_000).toBeCloseTo(1, 1);
    expect(geometric / 50_000).toBeCloseTo(0.8, 1);
  });
});

describe('Choice', () => {
  it('picks as often as the weights say, and never what weighs nothing', () => {
    const random = new Random(3, 'test');
    const choice = new Choice([1, 0, 3]);
    const counts = [0, 0, 0];
    for (let draw = 0; draw < 40_000; draw += 1) {
      const index = choice.pick(random);
      counts[index] = (counts[index] ?? 0) + 1;
    }
    expect(counts[1]).toBe(0);
    expect(counts[2]).toBeGreaterThan(29_500);
    expect(counts[2]).toBeLessThan(30_500);
  });
});

describe('indexAbove', () => {
  const sums = runningSums([2, 0, 1, 4]);
  it.each([
    [0, 4, 0],
    [1.9, 4, 0],
    [2, 4, 2],
    [2.9, 4, 2],
    [3, 4, 3],
    [6.9, 4, 3],
    [1, 1, 0],
  ])('of point %s among the first %s is %s', (point, count, expected) => {
    expect(indexAbove(sums, point, count)).toBe(expected);
  });
});

describe('mix', () => {
  it('changes about half of the bits when one bit of the input changes', () => {
    let changed = 0;
    for (let bit = 0; bit < 32; bit += 1) {
      let difference = mix(12345, 678) ^ mix(12345 ^ (1 << bit), 678);
      for (; difference !== 0; difference &= difference - 1) changed += 1;
    }
    expect(changed / 32).toBeGreaterThan(11);
    expect(changed / 32).toBeLessThan(21);
  });
});
