import { hkdfSync } from 'node:crypto';
import { describe, expect, it, test } from 'vitest';
import { ConfigurationError } from '../kernel/errors.ts';
import { redactText } from '../telemetry/redact.ts';
import { newSecretKey, parseSecretKeys, weakSecretKeys } from './secret-keys.ts';

const bytes = (first: number) => Buffer.from(Array.from({ length: 32 }, (_, n) => (first + n * 7) % 256));
const ONE = `one:${bytes(1).toString('base64')}`;
const TWO = `two:${bytes(2).toString('base64')}`;

describe('keys of SECRET_KEYS', () => {
  const keys = parseSecretKeys([ONE, TWO]);

  it('the first is in force, all can be asked for', () => {
    expect(keys.ids).toEqual(['one', 'two']);
    expect(keys.current('a').id).toBe('one');
    expect(keys.byId('a', 'two')?.id).toBe('two');
    expect(keys.byId('a', 'three')).toBeUndefined();
  });

  it('each purpose has a key of its own, by HKDF-SHA256', () => {
    const wanted = Buffer.from(hkdfSync('sha256', bytes(1), '', 'aisle api keys', 32));
    expect(keys.current('api keys').key).toEqual(wanted);
    const all = [keys.current('a'), keys.current('b'), keys.byId('a', 'two'), keys.byId('b', 'two')];
    expect(new Set(all.map((made) => made?.key.toString('hex'))).size).toBe(4);
    expect(keys.current('a').key).not.toEqual(bytes(1));
  });

  it('a new one is accepted, is 32 random bytes, and tells its day', () => {
    const made = newSecretKey(new Date('2026-11-21T10:00:00Z'));
    expect(made).toMatch(/^k20261121-[0-9a-f]{4}:[A-Za-z0-9+/]{43}=$/);
    expect(parseSecretKeys([made]).ids).toEqual([made.split(':')[0]]);
    expect(newSecretKey(new Date())).not.toBe(newSecretKey(new Date()));
    expect(weakSecretKeys([made])).toEqual([]);
  });
});

function messageOf(work: () => unknown): string {
  try {
    work();
    return '';
  } catch (error) {
    return String(error);
  }
}

test.each([
  ['no key', [], 'SECRET_KEYS has no key.'],
  ['no id', [bytes(1).toString('base64')], 'Entry 1 of SECRET_KEYS does not begin with an id'],
  ['a key that reads like an id', ['hunter2hunter2'], 'Entry 1 of SECRET_KEYS does not begin with an id'],
  [
    'an id with a blank',
    [`a b:${bytes(1).toString('base64')}`],
    'Entry 1 of SECRET_KEYS does not begin with an id',
  ],
  ['a third part', [ONE, `${TWO}:x`], 'Entry 2 of SECRET_KEYS does not begin with an id'],
  ['a short key', ['one:c2hvcnQ='], 'The key one of SECRET_KEYS is not 32 bytes'],
  ['no base64', [`one:${'!'.repeat(44)}`], 'The key one of SECRET_KEYS is not 32 bytes'],
  [
    'a key of 33 bytes',
    [`one:${Buffer.alloc(33, 7).toString('base64')}`],
    'The key one of SECRET_KEYS is not 32 bytes',
  ],
  ['an id twice', [ONE, ONE], 'SECRET_KEYS has two keys of the id one.'],
])('%s is refused without quoting a key', (_what, entries, said) => {
  const parse = () => parseSecretKeys(entries);
  expect(parse).toThrow(ConfigurationError);
  expect(parse).toThrow(said);
  const message = messageOf(parse);
  expect(redactText(message)).toBe(message);
  for (const entry of entries) expect(message).not.toContain(entry.split(':').at(-1));
});

test.each([
  ['zeros', Buffer.alloc(32), 'key one repeats itself: it is not random'],
  [
    'nineteen different bytes',
    Buffer.from([...bytes(0).subarray(0, 19), ...Buffer.alloc(13)]),
    'key one repeats itself: it is not random',
  ],
  [
    'a passphrase',
    Buffer.from('correct horse battery staple XY!'),
    'key one is readable text: it is not random',
  ],
])('a key of %s is weak', (_what, key, said) => {
  expect(weakSecretKeys([`one:${key.toString('base64')}`])).toEqual([said]);
});
