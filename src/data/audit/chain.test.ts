/**
 * Threat: whoever can write to the tables of the audit changes what was recorded. Closed here: each record's mac covers the
 * one before it and its place, under a key that the database does not have.
 */
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CHAIN_START,
  type ChainBreak,
  ChainCheck,
  type ChainEnd,
  type ChainLink,
  extendChain,
} from './chain.ts';

const KEY = { id: 'k1', key: randomBytes(32) };
const PARTITION = 'tool_calls_2026_11';
const keyOf = (id: string) => (id === KEY.id ? KEY : undefined);

const chainOf = (records: readonly string[]) => extendChain(PARTITION, CHAIN_START, KEY, records);

function breaksOf(links: readonly ChainLink[], end: ChainEnd, partition = PARTITION): readonly ChainBreak[] {
  const check = new ChainCheck(partition, keyOf);
  return [...links.flatMap((link) => check.next(link)), ...check.finish(end)];
}

/** Distinct, so that a swap is one. */
const records = fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 2, maxLength: 30 });
const chainAndPlace = records.chain((texts) =>
  fc.record({ texts: fc.constant(texts), at: fc.nat({ max: texts.length - 1 }) }),
);

describe('a chain', () => {
  it('as it was written has no break, however it was batched', () => {
    fc.assert(
      fc.property(chainAndPlace, ({ texts, at }) => {
        const first = extendChain(PARTITION, CHAIN_START, KEY, texts.slice(0, at));
        const second = extendChain(PARTITION, first.end, KEY, texts.slice(at));
        const links = [...first.links, ...second.links];
        expect(links).toEqual(chainOf(texts).links);
        expect(breaksOf(links, second.end)).toEqual([]);
      }),
    );
  });

  it.each<[string, (link: ChainLink) => ChainLink]>([
    ['record', (link) => ({ ...link, record: `${link.record} ` })],
    ['key id', (link) => ({ ...link, record: link.record, mac: link.mac, keyId: 'k2' })],
  ])('with a changed %s is broken exactly there', (what, change) => {
    fc.assert(
      fc.property(chainAndPlace, ({ texts, at }) => {
        const { links, end } = chainOf(texts);
        const changed = links.with(at, change(links[at] as ChainLink));
        const kind = what === 'key id' ? 'unverifiable' : 'changed';
        expect(breaksOf(changed, end)).toEqual([{ kind, from: at + 1, to: at + 1 }]);
      }),
    );
  });

  it('with a changed mac is broken there, and where the next record or the head relies on it', () => {
    fc.assert(
      fc.property(chainAndPlace, ({ texts, at }) => {
        const { links, end } = chainOf(texts);
        const changed = links.with(at, { ...(links[at] as ChainLink), mac: randomBytes(32) });
        const isLast = at === texts.length - 1;
        expect(breaksOf(changed, end)).toEqual([
          { kind: 'changed', from: at + 1, to: at + 1 },
          isLast ? { kind: 'head', from: at + 1, to: at + 1 } : { kind: 'changed', from: at + 2, to: at + 2 },
        ]);
      }),
    );
  });

  it('without one record says which, at the end too', () => {
    fc.assert(
      fc.property(chainAndPlace, ({ texts, at }) => {
        const { links, end } = chainOf(texts);
        expect(breaksOf(links.toSpliced(at, 1), end)).toEqual([
          { kind: 'deleted', from: at + 1, to: at + 1 },
        ]);
      }),
    );
  });

  it('without one record, those after it renumbered, is broken from there to the end', () => {
    fc.assert(
      fc.property(chainAndPlace, ({ texts, at }) => {
        const { links, end } = chainOf(texts);
        const closed = links.toSpliced(at, 1).map((link, n) => ({ ...link, sequence: n + 1 }));
        const found = breaksOf(closed, end);
        expect(found[0]?.from).toBe(at + 1);
        expect(found).toHaveLength(texts.length - at);
      }),
    );
  });

  it('with two records swapped is broken at both', () => {
    fc.assert(
      fc.property(chainAndPlace, ({ texts, at }) => {
        const { links, end } = chainOf(texts);
        const other = (at + 1) % texts.length;
        const [a, b] = [links[at] as ChainLink, links[other] as ChainLink];
        const swapped = links
          .with(at, { ...b, sequence: a.sequence })
          .with(other, { ...a, sequence: b.sequence });
        const places = breaksOf(swapped, end).map(({ from }) => from);
        expect(places).toEqual(expect.arrayContaining([at + 1, other + 1]));
      }),
    );
  });

  it('with a record put in twice, or after the end, says where', () => {
    fc.assert(
      fc.property(chainAndPlace, ({ texts, at }) => {
        const { links, end } = chainOf(texts);
        const again = links.toSpliced(at + 1, 0, links[at] as ChainLink);
        expect(breaksOf(again, end)).toEqual([{ kind: 'inserted', from: at + 1, to: at + 1 }]);
        const forged = { ...(links.at(-1) as ChainLink), sequence: texts.length + 1 };
        expect(breaksOf([...links, forged], end)).toEqual([
          { kind: 'changed', from: texts.length + 1, to: texts.length + 1 },
          { kind: 'inserted', from: texts.length + 1, to: texts.length + 1 },
        ]);
      }),
    );
  });

  it('is not believed in another partition, nor under another key of the same id', () => {
    const { links, end } = chainOf(['a', 'b']);
    const all = [1, 2].map((place) => ({ kind: 'changed', from: place, to: place }));
    expect(breaksOf(links, end, 'tool_calls_2026_12')).toEqual(all);
    const forged = extendChain(PARTITION, CHAIN_START, { id: 'k1', key: randomBytes(32) }, ['a', 'b']);
    expect(breaksOf(forged.links, forged.end)).toEqual(all);
  });
});
