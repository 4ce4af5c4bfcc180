import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { linkSignals } from './linked-signal.ts';

const sources = () => [new AbortController(), new AbortController()] as const;

test('aborts with the first of its sources, for its reason', () => {
  const [first, second] = sources();
  const { signal } = linkSignals(first.signal, second.signal);
  expect(signal.aborted).toBe(false);
  second.abort('gone');
  first.abort('late');
  expect([signal.aborted, signal.reason]).toEqual([true, 'gone']);
});

test('has aborted when a source has', () => {
  const { signal } = linkSignals(new AbortController().signal, AbortSignal.abort('before'));
  expect([signal.aborted, signal.reason]).toEqual([true, 'before']);
});

test('aborts by itself, once', () => {
  const { signal, abort } = linkSignals();
  abort('first');
  abort('second');
  expect(signal.reason).toBe('first');
});

test('released, it listens to nobody: sources that live long gather no listeners', () => {
  const [first, second] = sources();
  const { signal, release } = linkSignals(first.signal, second.signal);
  expect(getEventListeners(first.signal, 'abort')).toHaveLength(1);
  release();
  expect([first, second].flatMap((each) => getEventListeners(each.signal, 'abort'))).toEqual([]);
  first.abort();
  expect(signal.aborted).toBe(false);
});
