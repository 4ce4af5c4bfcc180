import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** What is run for every mutant: the fast tests of the SQL guard, and no database. */
export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: {
    include: ['src/sql/*.test.ts'],
    // A mutant must die of the same test each time, so not of chance; and what takes long is taken thousands of times.
    exclude: ['src/sql/*.{property,db}.test.ts', 'src/sql/parser-endurance.test.ts'],
    // One worker for the files of a run: thousands of mutants pay for what a file pays.
    isolate: false,
  },
});
