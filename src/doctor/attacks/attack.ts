import type { Canaries } from './canaries.ts';

/** What an attack is after, in the order in which a run goes through them. */
export const GROUPS = [
  'forging the context',
  'escaping role and transaction',
  'reading what is not listed',
  'dangerous functions',
  'side channels',
  'changing something',
  'session leftovers',
  'what this database offers',
  'exhaustion',
] as const;

export type Group = (typeof GROUPS)[number];

/** SQL text, or what makes it of the canaries: ids that an attacker is taken to know. */
export type Sql = string | ((canaries: Canaries) => string);

/**
 * How a leak shows, besides something of the other store in the answer.
 * - `value`: anything but nothing (no row, NULL, 0, false, empty)
 * - `success`: that it is done at all
 * - `difference`: the answer for a value of the other store, or that there is none in time, is another one than for a value
 *   that nobody has
 * - `stall`: no answer within the limit, or no healthy server after it
 */
type LeakSign = 'value' | 'success' | 'difference' | 'stall';

export interface Attack {
  readonly name: string;
  readonly group: Group;
  /** One request of the caller: a statement, or several in the same session. */
  readonly sql: Sql | readonly Sql[];
  /** What the other store has sent before, in a request of its own. */
  readonly before?: readonly Sql[];
  readonly sign?: LeakSign;
  /**
   * Its transaction is not rolled back, as is that of every other statement that comes alone: what it does must end with
   * the cleaning of its session. So it is with requests of several statements.
   */
  readonly bare?: true;
  /** It uses up whatever time it is given, so it is given little. */
  readonly brief?: true;
  /** How to close the hole, for the operator. */
  readonly mend: string;
  /**
   * Why it is no leak that this passes with the guard off: it shows no other store's row and changes nothing, and a
   * managed service offers no means to forbid it. The guard has to stop it all the same.
   */
  readonly residue?: string;
}

type Listed = Omit<Attack, 'group' | 'mend'> & { readonly mend?: string };

/** A list of attacks of one group; `mend` is for those that say nothing of their own. */
export function attacks(group: Group, mend: string, listed: readonly Listed[]): readonly Attack[] {
  return listed.map((attack) => ({ mend, ...attack, group }));
}

/** The statements of an attack, written out for these canaries. */
export function statementsOf(sql: Attack['sql'], canaries: Canaries): readonly string[] {
  const list = Array.isArray(sql) ? (sql as readonly Sql[]) : [sql as Sql];
  return list.map((each) => (typeof each === 'string' ? each : each(canaries)));
}
