import type { Config } from '../config.ts';
import type { AccessAdministration, Entitlement, SubjectAccess } from '../data/database.ts';
import type { SecurityEvent, SecurityLog } from '../kernel/audit.ts';
import { ConfigurationError } from '../kernel/errors.ts';
import { silentLogger } from '../telemetry/logger.ts';
import { openDatabase } from './engine.ts';
import { findServer } from './running-server.ts';

export type { Entitlement, SubjectAccess };

const UNRECORDED: SecurityLog = { record: async () => {} };

/** Opens the database for a moment. Throws `ConfigurationError` while a server has the embedded one open. */
export async function withAccess<Result>(
  config: Config,
  work: (access: AccessAdministration) => Promise<Result>,
  securityLog: SecurityLog = UNRECORDED,
): Promise<Result> {
  const server = await findServer(config);
  if (server !== undefined) {
    throw new ConfigurationError(
      `The server at ${server.url} has the embedded database of ${config.DATA_DIR} open, and it belongs to one process at a time. Stop that server first.`,
    );
  }
  const database = await openDatabase(config, silentLogger);
  try {
    return await work(recordedAccess(database.access, securityLog));
  } finally {
    await database.close();
  }
}

/** `access`, with each change recorded once it is made. */
export function recordedAccess(access: AccessAdministration, securityLog: SecurityLog): AccessAdministration {
  const recorded = async (
    changing: Promise<SubjectAccess>,
    event: Pick<SecurityEvent, 'type' | 'action' | 'details'>,
  ) => {
    const changed = await changing;
    await securityLog.record({
      ...event,
      success: true,
      severity: 'WARNING',
      resourceType: 'subject',
      resourceId: changed.subject,
    });
    return changed;
  };
  return {
    list: () => access.list(),
    add: (slug, displayName) =>
      recorded(access.add(slug, displayName), { type: 'subject_added', action: 'add', details: { slug } }),
    grant: (subject, what) =>
      recorded(access.grant(subject, what), { type: 'access_granted', action: 'grant', details: { what } }),
    revoke: (subject, what) =>
      recorded(access.revoke(subject, what), { type: 'access_revoked', action: 'revoke', details: { what } }),
    setDisabled: (subject, isDisabled) =>
      recorded(access.setDisabled(subject, isDisabled), {
        type: isDisabled ? 'subject_disabled' : 'subject_enabled',
        action: isDisabled ? 'disable' : 'enable',
      }),
  };
}
