import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    globalSetup: 'test/harness/global-setup.ts',
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    // Processes, not threads: tests send signals, change directories and start child processes of their own.
    pool: 'forks',
    // A *.db.test.ts file keeps a database process busy beside its own, so more files at once than this only queue.
    maxWorkers: Math.min(4, availableParallelism()),
    // Limits for a test that hangs, far above what the slowest takes on a busy machine.
    testTimeout: 120_000,
    hookTimeout: 180_000,
    coverage: {
      provider: 'v8',
      include: ['src/**'],
      // These run in processes of their own (test/lifecycle.db.test.ts), where coverage does not see them.
      exclude: ['src/cli/**', 'src/app/**', 'src/data/embedded/{child,lifeline,directory-lock}.ts'],
      reporter: ['text-summary', 'html', 'json-summary'],
      thresholds: { lines: 90, statements: 90, functions: 90 },
    },
  },
});
