import { expect, test } from 'vitest';
import { readTraceContext } from './trace-context.ts';

const ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT = `00-${ID}-00f067aa0ba902b7-01`;

test.each([
  [PARENT, undefined, { traceId: ID }],
  [PARENT, 'rojo=1,congo=t61', { traceId: ID, traceState: 'rojo=1,congo=t61' }],
  [PARENT, 'a=1\r\nx', { traceId: ID }],
  [PARENT, 'x'.repeat(513), { traceId: ID }],
  [PARENT, 7, { traceId: ID }],
  [undefined, 'rojo=1', undefined],
  [`00-${'0'.repeat(32)}-00f067aa0ba902b7-01`, undefined, undefined],
  [`00-${ID}-${'0'.repeat(16)}-01`, undefined, undefined],
  [PARENT.toUpperCase(), undefined, undefined],
  [`${PARENT}-more`, undefined, undefined],
  [[PARENT], undefined, undefined],
])('%s with %s is %j', (parent, state, expected) => {
  expect(readTraceContext(parent, state)).toEqual(expected);
});
