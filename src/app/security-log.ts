import type { SecurityLog } from '../kernel/audit.ts';

/** For where nothing is recorded. */
export const noSecurityLog: SecurityLog = { record: async () => {} };
