import type { GovernorLimits } from '../../src/data/governor.ts';

/** What a test of something else runs under. */
export const TEST_LIMITS: GovernorLimits = {
  statementTimeoutMs: 5000,
  workMem: '8MB',
  lockTimeoutMs: 2000,
  maxResultBytes: 8_388_608,
  callerShare: 0.25,
};
