/** Threat: somebody who can write Redis puts answers there, or reads what others were answered. */
import { describe, expect, it } from 'vitest';
import { TEST_SECRET_KEYS as keys } from '../../test/harness/secret-keys.ts';
import { newSecretKey, parseSecretKeys } from '../secrets/secret-keys.ts';
import { outsideName, seal, unseal } from './seal.ts';

describe('a sealed answer', () => {
  it('opens under its own key, and tells nobody else what it says or what was asked', () => {
    const sealed = seal(keys, 'key', 'revenue of north');
    expect(unseal(keys, 'key', sealed)).toBe('revenue of north');
    expect(sealed.includes('revenue')).toBe(false);
    expect(outsideName(keys, 'key')).not.toContain('key');
    expect(seal(keys, 'key', 'revenue of north')).not.toEqual(sealed);
  });

  it('does not open under another key: nobody is given what another asked', () => {
    expect(unseal(keys, 'other', seal(keys, 'key', 'text'))).toBeUndefined();
  });

  it('does not open when any byte of it was changed', () => {
    const sealed = seal(keys, 'key', 'text');
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = Buffer.from(sealed);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(unseal(keys, 'key', changed)).toBeUndefined();
    }
  });

  it('does not open when it is cut short, or under keys of another installation', () => {
    const sealed = seal(keys, 'key', 'text');
    for (let length = 0; length < sealed.length; length += 1)
      expect(unseal(keys, 'key', sealed.subarray(0, length))).toBeUndefined();
    expect(unseal(parseSecretKeys([newSecretKey(new Date())]), 'key', sealed)).toBeUndefined();
  });
});
