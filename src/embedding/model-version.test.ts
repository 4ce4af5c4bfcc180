import { expect, it } from 'vitest';
import { isVersionAt, versionAt } from './model-version.ts';

it.each([
  ['https://api.openai.com/v1', '2 at api.openai.com'],
  ['https://API.openai.com:443/v1/', '2 at api.openai.com'],
  ['http://user:secret@127.0.0.1:11434/v1', '2 at 127.0.0.1:11434'],
])('a model behind %s has the version "%s"', (url, version) => {
  expect(versionAt('2', url)).toBe(version);
  expect(isVersionAt(version, url)).toBe(true);
  expect(isVersionAt(version, 'https://elsewhere.example/v1')).toBe(false);
});

it('the longest version and address fit into the database, and long addresses stay apart', () => {
  const longest = 'v'.repeat(40);
  const host = (last: string) => `https://${'a'.repeat(60)}.${'b'.repeat(60)}.${last}`;
  const version = versionAt(longest, host('one'));
  expect(version).toHaveLength(100);
  expect(versionAt(longest, host('one'))).toBe(version);
  expect(isVersionAt(version, host('one'))).toBe(true);
  expect(isVersionAt(version, host('two'))).toBe(false);
  expect(versionAt('v', `https://${'a'.repeat(50)}.shop/`)).toBe(`v at ${'a'.repeat(50)}.shop`);
});
