import type { Config } from '../config.ts';
import type { AccessAdministration, Entitlement, SubjectAccess } from '../data/database.ts';
import type { SecurityEvent, SecurityLog } from '../kernel/audit.ts';
import { asOperator } from './as-operator.ts';

export type { Entitlement, SubjectAccess };

/** Opens the database for a moment to look after who may do what. */
export function withAccess<Result>(
  config: Config,
  work: (access: AccessAdministration) => Promise<Result>,
): Promise<Result> {
  return asOperator(config, ({ access }, log) => work(recordedAccess(access, log)));
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
      name: 'operator',
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
