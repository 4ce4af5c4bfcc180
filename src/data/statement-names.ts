import { LRUCache } from 'lru-cache';
import type { ResultShape } from './governed-query.ts';

/** How a text is sent on one connection. */
export interface NamedStatement {
  /** Empty: it is parsed and planned for this time only. */
  readonly name: string;
  /** What its rows look like, once it has been parsed under its name. */
  shape?: ResultShape;
}

/** Plans that a connection keeps; each takes PostgreSQL some tens of kilobytes. */
const KEPT = 100;
/** Longer texts are seldom asked twice, and their plans are large. */
const LONGEST_TEXT = 10_000;

const ONCE: NamedStatement = { name: '' };

/**
 * The texts that one connection was asked twice, which PostgreSQL then keeps parsed and planned under a name. A text that is
 * asked only once would pay for a name and never use it.
 */
export class StatementNames {
  private readonly asked = new LRUCache<string, NamedStatement>({
    max: KEPT,
    dispose: ({ name }, _, reason) => {
      if (name !== '' && reason === 'evict') this.dropped.push(name);
    },
  });
  private readonly dropped: string[] = [];
  private made = 0;

  statement(text: string): NamedStatement {
    if (text.length > LONGEST_TEXT) return ONCE;
    const known = this.asked.get(text);
    if (known !== undefined && known.name !== '') return known;
    const statement = known === undefined ? ONCE : this.newName();
    this.asked.set(text, statement);
    return statement;
  }

  private newName(): NamedStatement {
    this.made += 1;
    return { name: `aisle_${this.made}` };
  }

  /** Names that PostgreSQL is to forget, each told once. */
  takeDropped(): readonly string[] {
    return this.dropped.splice(0);
  }
}
