import { hash } from 'node:crypto';
import type { PurposeKey } from '../../kernel/secret-keys.ts';
import { hmacSha256 } from './hmac.ts';

/** What the keys of the audit's chains are asked for by. */
export const AUDIT_PURPOSE = 'audit-chain';

/** Where a chain ends: the place of its last record, from 1, and that record's mac. */
export interface ChainEnd {
  readonly length: number;
  readonly mac: Buffer;
}

/** Of a chain without records. */
export const CHAIN_START: ChainEnd = { length: 0, mac: Buffer.alloc(32) };

/** Where the chain of the month before stood when another was begun. */
export interface ChainBinding extends ChainEnd {
  readonly partition: string;
}

/** Of a chain that is begun after another: its first record holds only as long as the other has what it had then. */
export function startAfter({ partition, length, mac }: ChainBinding): ChainEnd {
  return { length: 0, mac: hash('sha256', `${partition}\n${length}\n${mac.toString('hex')}`, 'buffer') };
}

export interface ChainLink {
  readonly sequence: number;
  readonly keyId: string;
  readonly mac: Buffer;
  /** The record as src/data/audit/canonical.ts writes it. */
  readonly record: string;
}

/** HMAC-SHA256 over the mac before and the record in its place: what is moved, renumbered or put elsewhere is changed. */
function macOf(
  key: PurposeKey,
  partition: string,
  previous: Buffer,
  sequence: number,
  record: string,
): Buffer {
  return hmacSha256(key.key, previous, `${partition}\n${sequence}\n${key.id}\n${record}`);
}

/** Adds records to the end of a partition's chain. */
export function extendChain(
  partition: string,
  end: ChainEnd,
  key: PurposeKey,
  records: readonly string[],
): { readonly links: readonly ChainLink[]; readonly end: ChainEnd } {
  let { length, mac } = end;
  const links = records.map((record) => {
    length += 1;
    mac = macOf(key, partition, mac, length, record);
    return { sequence: length, keyId: key.id, mac, record };
  });
  return { links, end: { length, mac } };
}

/** What is wrong with a chain, and where. `from` and `to` are places in it. */
export interface ChainBreak {
  readonly kind: 'changed' | 'deleted' | 'inserted' | 'head' | 'unverifiable';
  readonly from: number;
  readonly to: number;
}

/** Checks a partition's records, given one by one in the order of their places. Holds no more than the last of them. */
export class ChainCheck {
  private readonly partition: string;
  private readonly keyOf: (id: string) => PurposeKey | undefined;
  private length = 0;
  /** Of the record before; undefined when that one is gone, so that the next can't be judged. */
  private previous: Buffer | undefined;

  constructor(partition: string, keyOf: (id: string) => PurposeKey | undefined, start = CHAIN_START) {
    this.partition = partition;
    this.previous = start.mac;
    this.keyOf = keyOf;
  }

  /** What is wrong at this record, which may be two things: those before it are gone, and it is not as it was. */
  next(link: ChainLink): readonly ChainBreak[] {
    const { sequence } = link;
    if (sequence <= this.length) return [{ kind: 'inserted', from: sequence, to: sequence }];
    const breaks: ChainBreak[] = [];
    if (sequence > this.length + 1) {
      breaks.push({ kind: 'deleted', from: this.length + 1, to: sequence - 1 });
      this.previous = undefined;
    }
    const wrong = this.judge(link);
    if (wrong !== undefined) breaks.push({ kind: wrong, from: sequence, to: sequence });
    this.length = sequence;
    this.previous = link.mac;
    return breaks;
  }

  /** After the last record: whether the head says the same. */
  finish(head: ChainEnd): readonly ChainBreak[] {
    if (head.length > this.length) return [{ kind: 'deleted', from: this.length + 1, to: head.length }];
    if (head.length < this.length) return [{ kind: 'inserted', from: head.length + 1, to: this.length }];
    const isSame = this.previous === undefined || this.previous.equals(head.mac);
    return isSame ? [] : [{ kind: 'head', from: head.length, to: head.length }];
  }

  private judge({ sequence, keyId, mac, record }: ChainLink): 'changed' | 'unverifiable' | undefined {
    const key = this.keyOf(keyId);
    if (key === undefined) return 'unverifiable';
    if (this.previous === undefined) return undefined;
    return macOf(key, this.partition, this.previous, sequence, record).equals(mac) ? undefined : 'changed';
  }
}
