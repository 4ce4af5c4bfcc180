/** Threat: fixtures of a test suite, which ask users and fetch from models at anyone's wish, on a server that is in use. */
import { expect, test } from 'vitest';
import { parseSettings } from '../config.ts';
import { loadConformanceModule } from './conformance.ts';

const settings = (environment: string) =>
  parseSettings({ values: { ENVIRONMENT: environment }, problems: [] } as never);

test.each(['production', 'staging'])('are not loaded with ENVIRONMENT=%s', async (environment) => {
  await expect(loadConformanceModule(settings(environment))).rejects.toThrow(
    `--conformance serves the fixtures of the protocol's test suite, and never with ENVIRONMENT=${environment}.`,
  );
});

test('are loaded in development, each with a permission, and change nothing', async () => {
  const { tools, resources, prompts = [] } = await loadConformanceModule(settings('development'));
  expect([...tools, ...resources, ...prompts].map(({ permission }) => permission)).not.toContain(undefined);
  expect(tools.filter(({ annotations }) => !annotations.readOnlyHint)).toEqual([]);
  expect(tools.map(({ name }) => name).every((name) => name.startsWith('test_'))).toBe(true);
});
