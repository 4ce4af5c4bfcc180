import { expect, test } from 'vitest';
import { retryAfterMs } from './retry-after.ts';

const NOW = Date.parse('2026-03-04T05:06:07Z');

test.each([
  [{ 'retry-after': '7' }, 7000],
  [{ 'retry-after': '0.25' }, 250],
  [{ 'retry-after': '0' }, 0],
  [{ 'retry-after': 'Wed, 04 Mar 2026 05:06:19 GMT' }, 12_000],
  [{ 'retry-after': 'Wed, 04 Mar 2026 05:00:00 GMT' }, 0],
  [{ 'retry-after-ms': '350', 'retry-after': '1' }, 350],
  [{ 'x-ms-retry-after-ms': '1200', 'retry-after': '9' }, 1200],
  [{ 'retry-after-ms': 'soon', 'retry-after': '3' }, 3000],
  [{ 'retry-after': '99999999' }, 3_600_000],
  [{ 'retry-after': '-5' }, undefined],
  [{ 'retry-after': 'later' }, undefined],
  [{}, undefined],
] as const)('%j asks for %s ms', (headers, ms) => {
  expect(retryAfterMs(new Headers(headers), NOW)).toBe(ms);
});
