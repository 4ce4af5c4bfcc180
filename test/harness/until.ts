import { vi } from 'vitest';

/** Resolves when `condition` holds; fails the test when it does not within 10 s. */
export async function until(condition: () => boolean): Promise<void> {
  await vi.waitFor(
    () => {
      if (!condition()) throw new TypeError('not yet');
    },
    { timeout: 10_000, interval: 5 },
  );
}
