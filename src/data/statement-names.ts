import { LRUCache } from 'lru-cache';
import type { ResultShape } from './governed-query.ts';

/** How a text is sent on one connection. */
export interface NamedStatement {
  readonly name: string;
  /** What its rows look like, once it has been sent to be parsed under its name. */
  shape?: ResultShape;
}

/**
 * Characters of the texts whose plans a connection keeps, together. A plan takes PostgreSQL up to 1.2 kB for each (`SELECT *`
 * in a long UNION; some 0.1 kB is usual), so this is what one caller can make each connection hold: 12 MB.
 */
const KEPT_CHARACTERS = 10_000;
/** Longer texts are seldom asked twice. */
const LONGEST_TEXT = 2000;
/** Texts that were asked once, and may be asked again. */
const ASKED_ONCE = 200;

/**
 * The texts that one connection was asked twice, which PostgreSQL then keeps parsed and planned under a name. A text that is
 * asked only once would pay for a name and never use it. Names are given out as a text is sent, and not after a query that
 * failed or may have touched them, so that one given before is one that PostgreSQL knows.
 */
export class StatementNames {
  private readonly asked = new LRUCache<string, true>({ max: ASKED_ONCE });
  private readonly kept = new LRUCache<string, NamedStatement>({
    maxSize: KEPT_CHARACTERS,
    sizeCalculation: (_, text) => Math.max(1, text.length),
    dispose: ({ name }, _, reason) => {
      if (reason === 'evict') this.dropped.push(name);
    },
  });
  private readonly dropped: string[] = [];
  private made = 0;
  private readonly own = new Map<string, NamedStatement>();

  /** Undefined: it is parsed and planned for this time only. */
  statement(text: string): NamedStatement | undefined {
    if (text.length > LONGEST_TEXT) return undefined;
    const kept = this.kept.get(text);
    if (kept !== undefined) return kept;
    if (this.asked.get(text) === undefined) {
      this.asked.set(text, true);
      return undefined;
    }
    this.asked.delete(text);
    this.made += 1;
    const named = { name: `aisle_${this.made}` };
    this.kept.set(text, named);
    return named;
  }

  /** Of Aisle's own texts, which are few and asked each time: from the first on. */
  ownStatement(text: string): NamedStatement {
    const named = this.own.get(text) ?? { name: `aisle_own_${this.own.size + 1}` };
    this.own.set(text, named);
    return named;
  }

  /** Names that PostgreSQL is to forget, each told once. */
  takeDropped(): readonly string[] {
    return this.dropped.splice(0);
  }
}
