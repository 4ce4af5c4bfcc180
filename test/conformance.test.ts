/** Threat: fixtures of a test suite on a server that is in use. The command line refuses before anything is opened. */
import { expect, test } from 'vitest';
import { startCli } from './harness/server-process.ts';

test.each([
  ['production', ['serve', '--conformance']],
  ['staging', ['serve', '--conformance', '--stdio']],
])('--conformance is refused with ENVIRONMENT=%s', async (environment, args) => {
  const cli = startCli(args, { ENVIRONMENT: environment, DATABASE_URL: 'postgres://127.0.0.1:1/none' });
  expect(await cli.ended).not.toBe(0);
  expect(cli.stderr()).toContain(
    `--conformance serves the fixtures of the protocol's test suite, and never with ENVIRONMENT=${environment}.`,
  );
});
