import { expect, it } from 'vitest';
import { serve } from '../../test/harness/served.ts';
import { GivenAnswer } from '../cache/answer.ts';
import type { AnswerCache } from '../cache/answer-cache.ts';
import type { AnswerSource } from '../kernel/request-context.ts';

const CALL = {
  ...{ jsonrpc: '2.0', id: 1, method: 'tools/call' },
  params: { name: 'echo', arguments: { message: 'hello' } },
};

/** A cache that has every answer, from where it is told. */
function cacheOf(from: AnswerSource | 'computed'): AnswerCache {
  const kept = { serialized: '{"message":"kept"}', text: 'kept' };
  return { answer: async () => new GivenAnswer(kept, { from, ageMs: 412 }) } as unknown as AnswerCache;
}

it.each([
  ['computed', { hit: false, from: 'computed', age_ms: 412, stale: false }],
  ['memory', { hit: true, from: 'memory', age_ms: 412, stale: false }],
  ['stale', { hit: true, from: 'stale', age_ms: 412, stale: true }],
] as const)('an answer that is %s says so to the client and to the log', async (from, meta) => {
  const served = await serve({}, { cache: cacheOf(from) });
  try {
    const response = await served.post(CALL, { 'mcp-protocol-version': '2025-11-25' });
    const text = await response.text();
    const { result } = JSON.parse(text.replace(/^[^{]*/, ''));
    expect(result).toMatchObject({ structuredContent: { message: 'kept' }, _meta: { 'aisle/cache': meta } });
    expect(served.logged.find(({ message }) => message === 'tool_call')).toMatchObject({
      answered_from: from,
    });
  } finally {
    await served.transport.close();
  }
});
