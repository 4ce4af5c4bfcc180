import { placeOf } from './logs.ts';

/** Where a chain ended at some time: what it held then it must hold for ever. */
export interface AuditAnchor {
  readonly partition: string;
  /** Records, from 1 on. */
  readonly length: number;
  /** Of the last of them, in hex. */
  readonly mac: string;
}

/** An anchor, and who says so: `anchor` for one that was kept elsewhere, else the partition that was begun after it. */
export interface Witness extends AuditAnchor {
  readonly by: string;
}

export function anchorText({ partition, length, mac }: AuditAnchor): string {
  return `${partition}:${length}:${mac}`;
}

/** Reads `anchorText` back; undefined for anything else. */
export function parseAnchor(text: string): AuditAnchor | undefined {
  const [, partition = '', length = '', mac = ''] = /^(\w+):([1-9]\d{0,15}):([0-9a-f]{64})$/.exec(text) ?? [];
  return placeOf(partition) === undefined ? undefined : { partition, length: Number(length), mac };
}

/** What witnesses say against a chain. */
export interface WitnessFinding {
  /** `rewritten`: the record at this place, or one before it, was put there anew. `deleted`: the chain was longer. */
  readonly kind: 'rewritten' | 'deleted';
  readonly from: number;
  readonly to: number;
  readonly witness: string;
}

/** Holds the records of one partition, given in the order of their places, against its witnesses. */
export class WitnessCheck {
  private readonly witnesses: ReadonlyMap<number, readonly Witness[]>;
  private isRewritten = false;
  private last = 0;

  constructor(witnesses: readonly Witness[]) {
    this.witnesses = Map.groupBy(witnesses, ({ length }) => length);
  }

  /** The first record that is not the one a witness saw; all after it are not either, and are not named. */
  next(sequence: number, mac: Buffer): readonly WitnessFinding[] {
    this.last = sequence;
    if (this.isRewritten) return [];
    const against = this.witnesses.get(sequence)?.find((witness) => witness.mac !== mac.toString('hex'));
    if (against === undefined) return [];
    this.isRewritten = true;
    return [{ kind: 'rewritten', from: sequence, to: sequence, witness: against.by }];
  }

  /** After the last record: the ones that are gone beyond the end that the chain's own head, of this length, tells. */
  finish(headLength: number): readonly WitnessFinding[] {
    const end = Math.max(this.last, headLength);
    const longest = Math.max(0, ...this.witnesses.keys());
    if (longest <= end) return [];
    const witness = this.witnesses.get(longest)?.[0]?.by ?? '';
    return [{ kind: 'deleted', from: end + 1, to: longest, witness }];
  }
}
