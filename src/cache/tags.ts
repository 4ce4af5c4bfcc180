import type { Change } from '../kernel/changes.ts';

/** Something that answers depend on: a table, or its rows of one store. `changedAt` is when it last changed, as `Tags` counts. */
interface Tag {
  changedAt: number;
}

/** What an answer depends on, as it was when the answer was asked for. */
export interface Stamp {
  /** Names of the tags. */
  readonly names: readonly string[];
  /** Whether nothing of it has changed since. */
  holds(): boolean;
}

/** Changes whenever it is not known what changed. */
const EVERYTHING = '*';
/** `retail.orders` changes with any change of the table, `retail.orders!` with one of unknown stores. */
const ofUnknownStores = (table: string) => `${table}!`;
const ofStore = (table: string, store: string) => `${table}@${store}`;

/** The names of all that a change changes. */
export function changedNames({ table, stores }: Change): readonly string[] {
  if (table === undefined) return [EVERYTHING];
  if (stores === undefined) return [table, ofUnknownStores(table)];
  return [table, ...stores.map((store) => ofStore(table, store))];
}

/** What an answer out of these tables depends on: where the caller sees few stores, changes in others do not matter. */
export function dependencies(tables: readonly string[], stores?: readonly string[]): readonly string[] {
  if (stores === undefined) return [EVERYTHING, ...tables];
  return [
    EVERYTHING,
    ...tables.flatMap((table) => [ofUnknownStores(table), ...stores.map((store) => ofStore(table, store))]),
  ];
}

/**
 * Counts changes. Who asks the database for something notes the count before; whether the answer still holds, and whether
 * it may be kept at all, is whether all that it depends on has changed last no later than then.
 */
export class Tags {
  /** Never forgotten, since answers hold on to them: at most the tables times the stores that were asked about. */
  private readonly tags = new Map<string, Tag>();
  private changes = 0;

  get now(): number {
    return this.changes;
  }

  heard(change: Change): void {
    this.changes += 1;
    for (const name of changedNames(change)) {
      const tag = this.tags.get(name);
      if (tag !== undefined) tag.changedAt = this.changes;
    }
  }

  stamp(names: readonly string[], since: number): Stamp {
    const tags = names.map((name) => this.named(name));
    return { names, holds: () => tags.every(({ changedAt }) => changedAt <= since) };
  }

  private named(name: string): Tag {
    const known = this.tags.get(name);
    if (known !== undefined) return known;
    // Nobody noted when this changed last, so it counts as changed now.
    const tag = { changedAt: this.changes };
    this.tags.set(name, tag);
    return tag;
  }
}
