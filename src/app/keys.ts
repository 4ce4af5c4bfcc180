import type { Config } from '../config.ts';
import type { KeyAdministration, KeyState } from '../data/database.ts';
import type { SecurityEvent, SecurityLog } from '../kernel/audit.ts';
import { asOperator } from './as-operator.ts';

export type { KeyAdministration, KeyState };

/** Opens the database for a moment to look after the keys that sign contexts. */
export function withKeys<Result>(
  config: Config,
  work: (keys: KeyAdministration) => Promise<Result>,
): Promise<Result> {
  return asOperator(config, ({ keys }, log) => work(recorded(keys, log)));
}

/** What changes keys leaves a record of itself. */
function recorded(keys: KeyAdministration, log: SecurityLog): KeyAdministration {
  return {
    ...keys,
    async rotate(overlapSeconds) {
      const keyId = await keys.rotate(overlapSeconds);
      await log.record(changed('context_key_rotated', 'rotate', keyId, { overlap_seconds: overlapSeconds }));
      return keyId;
    },
    async retire(keyId) {
      await keys.retire(keyId);
      await log.record(changed('context_key_retired', 'retire', keyId, {}));
    },
  };
}

function changed(
  type: string,
  action: string,
  resourceId: string,
  details: Readonly<Record<string, unknown>>,
): SecurityEvent {
  return {
    ...{ type, action, success: true, severity: 'WARNING', name: 'operator' },
    ...{ resourceType: 'context_key', resourceId, details },
  };
}
