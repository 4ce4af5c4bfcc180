/** Threat: a key of development that is good for production, or that others of the machine can read. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Config, parseSettings } from '../config.ts';
import { ConfigurationError } from '../kernel/errors.ts';
import { newSecretKey, secretKeysFor } from './secret-keys.ts';

describe('the secret keys of an installation', () => {
  let folder: string;
  const config = (values: Readonly<Record<string, string>> = {}): Config =>
    parseSettings({
      values: { DATA_DIR: join(folder, 'data'), ...values },
      decided: new Set(),
      problems: [],
    });
  const path = () => join(folder, 'data', 'secret.key');
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'aisle-test-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('are those of the setting, and then no file is made', async () => {
    const key = newSecretKey(new Date());
    expect((await secretKeysFor(config({ SECRET_KEYS: key }))).ids).toEqual([key.split(':')[0]]);
    expect(existsSync(path())).toBe(false);
  });

  it('in development are made once, for this user only', async () => {
    const first = await secretKeysFor(config());
    const again = await secretKeysFor(config({ DATABASE_URL: 'postgres://a@b/c' }));
    expect(again.current('x')).toEqual(first.current('x'));
    expect(statSync(path()).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(folder, 'data'))).toEqual(['secret.key']);
  });

  it('made by many at once are one', async () => {
    const made = await Promise.all(Array.from({ length: 8 }, () => secretKeysFor(config())));
    expect(new Set(made.map((keys) => keys.current('x').key.toString('hex'))).size).toBe(1);
  });

  it.each(['staging', 'production'])(
    'in %s are never made, not even taken when they are there',
    async (name) => {
      await secretKeysFor(config());
      await expect(secretKeysFor(config({ ENVIRONMENT: name }))).rejects.toThrow(
        `SECRET_KEYS is needed with ENVIRONMENT=${name}`,
      );
    },
  );

  it('are refused when others can read them', async () => {
    await secretKeysFor(config());
    chmodSync(path(), 0o640);
    await expect(secretKeysFor(config())).rejects.toThrow(
      new ConfigurationError(`Other users of this machine can read ${path()}. Run: chmod 600 ${path()}`),
    );
  });

  it('are not replaced when they are broken: what they encrypted would be lost', async () => {
    mkdirSync(join(folder, 'data'));
    writeFileSync(path(), 'nonsense', { mode: 0o600 });
    await expect(secretKeysFor(config())).rejects.toThrow('Entry 1 of SECRET_KEYS does not begin with an id');
    expect(readFileSync(path(), 'utf8')).toBe('nonsense');
  });

  it('a directory that can not be used is told', async () => {
    writeFileSync(join(folder, 'data'), '');
    await expect(secretKeysFor(config())).rejects.toThrow(
      new ConfigurationError(
        `The data directory ${join(folder, 'data')} can not be used (ENOTDIR): it holds the key that stored secrets are encrypted with. Choose another with --data-dir or DATA_DIR, or set SECRET_KEYS.`,
      ),
    );
  });
});
