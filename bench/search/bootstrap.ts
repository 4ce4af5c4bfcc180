import { Random } from '../../src/demo/random.ts';

const RESAMPLES = 10_000;

export interface Interval {
  readonly mean: number;
  /** It lies in between with 95 %. */
  readonly low: number;
  readonly high: number;
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * How much `one` is better than `other`, both asked the same queries: paired bootstrap (percentiles), which draws queries and
 * so tells whether others of their kind would show it too. The same values give the same interval.
 */
export function meanDifference(one: readonly number[], other: readonly number[]): Interval {
  const differences = one.map((value, index) => value - (other[index] ?? 0));
  const random = new Random(1, 'bootstrap');
  const means = Array.from({ length: RESAMPLES }, () => {
    let sum = 0;
    for (let draw = 0; draw < differences.length; draw += 1) {
      sum += differences[random.between(0, differences.length - 1)] ?? 0;
    }
    return sum / differences.length;
  }).toSorted((a, b) => a - b);
  const at = (share: number) => means[Math.floor(share * (RESAMPLES - 1))] ?? 0;
  return { mean: mean(differences), low: at(0.025), high: at(0.975) };
}
