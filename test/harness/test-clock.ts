import type { Clock } from '../../src/kernel/clock.ts';

/** A clock that stands, at the moment it was made, until it is told that milliseconds pass. */
export function testClock(): { readonly clock: Clock; pass(ms: number): void } {
  const start = Date.now();
  let passed = 0;
  return {
    clock: { now: () => start + passed, monotonic: () => 1 + passed },
    pass: (ms) => {
      passed += ms;
    },
  };
}
