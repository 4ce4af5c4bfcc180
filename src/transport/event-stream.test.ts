import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { eventStream } from './event-stream.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('a message that comes soon is text, and leaves no timer', async () => {
  expect(await eventStream(Promise.resolve('{}'))).toBe('event: message\ndata: {}\n\n');
  expect(vi.getTimerCount()).toBe(0);
});

test('one that takes long has a comment before it every 15 s', async () => {
  const { promise, resolve } = Promise.withResolvers<string>();
  const streaming = eventStream(promise);
  await vi.advanceTimersByTimeAsync(15_000);
  const stream = await streaming;
  const all = text(stream as Readable);
  await vi.advanceTimersByTimeAsync(15_001);
  resolve('{}');
  expect(await all).toBe(': keepalive\n\n: keepalive\n\nevent: message\ndata: {}\n\n');
  expect(vi.getTimerCount()).toBe(0);
});

test('one that fails soon fails', async () => {
  await expect(eventStream(Promise.reject(new RangeError('no')))).rejects.toThrow('no');
});

test('one that fails late ends its stream with the error', async () => {
  const { promise, reject } = Promise.withResolvers<string>();
  const streaming = eventStream(promise, 1000);
  await vi.advanceTimersByTimeAsync(1000);
  const ended = text((await streaming) as Readable);
  reject(new RangeError('no'));
  await expect(ended).rejects.toThrow('no');
});
