import { mix, type Random } from './random.ts';

const HEX = Array.from({ length: 0x10000 }, (_, value) => value.toString(16).padStart(4, '0'));

function hex(sixteenBits: number): string {
  return HEX[sixteenBits & 0xffff] ?? '';
}

/** Version 7 of RFC 9562 from a time in milliseconds and 64 given bits: sorts by time. */
export function uuidFrom(milliseconds: number, first: number, second: number): string {
  const high = Math.floor(milliseconds / 0x10000);
  const third = mix(first, second);
  return `${hex(high >>> 16)}${hex(high)}-${hex(milliseconds % 0x10000)}-${hex(0x7000 | (first >>> 20))}-${hex(
    0x8000 | (third & 0x3fff),
  )}-${hex(first)}${hex(second >>> 16)}${hex(second)}`;
}

export function uuid(milliseconds: number, random: Random): string {
  return uuidFrom(milliseconds, random.uint32(), random.uint32());
}
