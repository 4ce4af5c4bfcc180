import type { Inspection } from '../data/inspection.ts';
import { AisleError } from '../kernel/errors.ts';
import type { Check, Settings } from './check.ts';
import { CONFIGURATION } from './checks/configuration.ts';
import { CONNECTION, judgeReach } from './checks/connection.ts';
import { FUNCTIONS } from './checks/functions.ts';
import { INDEXES } from './checks/indexes.ts';
import { LIMITS } from './checks/limits.ts';
import { LOGGING } from './checks/logging.ts';
import { PUBLIC_ACCESS } from './checks/public-access.ts';
import { RIGHTS } from './checks/rights.ts';
import { ROLE_CHECKS } from './checks/roles.ts';
import { SECRETS } from './checks/secrets.ts';
import { STATISTICS } from './checks/statistics.ts';
import { VECTOR_SEARCH } from './checks/vector-search.ts';
import { VERSIONS } from './checks/versions.ts';
import { WALLS } from './checks/walls.ts';
import type { Finding } from './finding.ts';

/** Everything there is to look at, in the order of the report. */
export const CHECKS: readonly Check[] = [
  ...CONNECTION,
  ...CONFIGURATION,
  ...VERSIONS,
  ...SECRETS,
  ...ROLE_CHECKS,
  ...WALLS,
  ...RIGHTS,
  ...PUBLIC_ACCESS,
  ...FUNCTIONS,
  ...INDEXES,
  ...LIMITS,
  ...LOGGING,
  ...VECTOR_SEARCH,
  ...STATISTICS,
];

/**
 * A finding for every check, and first of all one that tells whether the database was reached. Given why it was not, the
 * checks that need it are `skipped`.
 */
export async function examine(settings: Settings, opened: Inspection | AisleError): Promise<Finding[]> {
  const inspection = opened instanceof AisleError ? undefined : opened;
  const reach = judgeReach(opened instanceof AisleError ? opened : opened.facts);
  const findings: Finding[] = [{ group: 'connection', check: 'reachable', ...reach }];
  for (const check of CHECKS) {
    const verdict = await check.examine(settings, inspection);
    findings.push({ group: check.group, check: check.name, ...verdict });
  }
  return findings;
}
