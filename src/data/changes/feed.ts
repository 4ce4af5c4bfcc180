import type { Change } from '../../kernel/changes.ts';

/** What the triggers of migration 0015 notify. */
export const CHANNEL = 'aisle_changes';

const TABLE = /^[a-z_][a-z0-9_]{0,62}\.[a-z_][a-z0-9_]{0,62}$/;
const STORE = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The change that a notification tells of. Anybody who may connect may notify: what is not of ours may mean anything. */
export function changeOf(payload: string): Change {
  const [table = '', ...stores] = payload.split(' ');
  if (!TABLE.test(table) || !stores.every((store) => STORE.test(store))) return {};
  return stores.length === 0 ? { table } : { table, stores };
}

/** Hands on to everybody who subscribed. */
export class ChangeFeed {
  private readonly listeners = new Set<(change: Change) => void>();

  subscribe(listener: (change: Change) => void): () => void {
    const own = (change: Change) => listener(change);
    this.listeners.add(own);
    return () => this.listeners.delete(own);
  }

  tell(change: Change): void {
    for (const listener of this.listeners) listener(change);
  }
}
