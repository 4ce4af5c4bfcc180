import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { hmacSha256 } from './hmac.ts';

it('is what createHmac gives, for keys of any length', () => {
  const bytes = fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array));
  fc.assert(
    fc.property(bytes, bytes, fc.string({ unit: 'binary' }), (key, before, text) => {
      const expected = createHmac('sha256', key).update(before).update(text).digest();
      expect(hmacSha256(key, before, text)).toEqual(expected);
      expect(hmacSha256(key, before, text)).toEqual(expected);
    }),
  );
});
