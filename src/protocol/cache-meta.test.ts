import { expect, it } from 'vitest';
import { ENVELOPE } from '../../test/harness/mcp-corpus.ts';
import { serve } from '../../test/harness/served.ts';
import { GivenAnswer } from '../cache/answer.ts';
import type { AnswerCache } from '../cache/answer-cache.ts';
import type { AnswerSource } from '../kernel/request-context.ts';
import { createOrdinaryRequest } from '../transport/ordinary-request.ts';

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
  ['2026-07-28', { 'mcp-method': 'tools/call', 'mcp-name': 'echo' }],
  ['2025-11-25', {}],
] as const)(
  'a kept answer is the same text by the hot path and by the SDK, in %s',
  async (version, headers) => {
    const cache = cacheOf('memory');
    const params = version === '2026-07-28' ? { ...CALL.params, _meta: ENVELOPE } : CALL.params;
    const texts = [];
    for (const ordinaryRequest of [createOrdinaryRequest(), () => undefined]) {
      const served = await serve({}, { cache }, { ordinaryRequest });
      const response = await served.post(
        { ...CALL, params },
        { ...headers, 'mcp-protocol-version': version },
      );
      texts.push(await response.text());
      await served.transport.close();
    }
    expect(texts[0]).toContain('"structuredContent":{"message":"kept"}');
    expect(texts[0]).toBe(texts[1]);
  },
);

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
