import type { Config } from '../config.ts';
import type { KeyAdministration, KeyState } from '../data/database.ts';
import { asOperator } from './as-operator.ts';
import type { Changing } from './operator.ts';

export type { KeyAdministration, KeyState };

/** Opens the database for a moment to look after the keys that sign contexts. */
export function withKeys<Result>(
  config: Config,
  work: (keys: KeyAdministration) => Promise<Result>,
): Promise<Result> {
  return asOperator(config, ({ database, change }) => work(recorded(database.keys, change)));
}

/** What changes keys leaves a record of itself. */
function recorded(keys: KeyAdministration, change: Changing): KeyAdministration {
  const resourceType = 'context_key';
  return {
    list: () => keys.list(),
    rotate: (overlapSeconds) =>
      change(
        {
          type: 'context_key_rotated',
          action: 'rotate',
          resourceType,
          details: { overlap_seconds: overlapSeconds },
        },
        () => keys.rotate(overlapSeconds),
        (resourceId) => ({ resourceId }),
      ),
    retire: (resourceId) =>
      change({ type: 'context_key_retired', action: 'retire', resourceType, resourceId }, () =>
        keys.retire(resourceId),
      ),
  };
}
