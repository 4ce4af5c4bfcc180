import type { Config } from '../config.ts';
import type { AccessAdministration, Entitlement, SubjectAccess } from '../data/database.ts';
import { asOperator } from './as-operator.ts';
import type { Changing } from './operator.ts';

export type { Entitlement, SubjectAccess };

/** Opens the database for a moment to look after who may do what. */
export function withAccess<Result>(
  config: Config,
  work: (access: AccessAdministration) => Promise<Result>,
): Promise<Result> {
  return asOperator(config, ({ database, change }) => work(recordedAccess(database.access, change)));
}

/** `access`, with each change recorded. */
export function recordedAccess(access: AccessAdministration, change: Changing): AccessAdministration {
  const recorded = (
    [type, action]: readonly [type: string, action: string],
    subject: string,
    details: Readonly<Record<string, unknown>>,
    work: () => Promise<SubjectAccess>,
  ) =>
    change({ type, action, resourceType: 'subject', resourceId: subject, details }, work, (changed) => ({
      resourceId: changed.subject,
      details: { slug: changed.slug },
    }));
  return {
    list: () => access.list(),
    add: (slug, displayName) =>
      recorded(['subject_added', 'add'], slug, {}, () => access.add(slug, displayName)),
    grant: (subject, what) =>
      recorded(['access_granted', 'grant'], subject, { what }, () => access.grant(subject, what)),
    revoke: (subject, what) =>
      recorded(['access_revoked', 'revoke'], subject, { what }, () => access.revoke(subject, what)),
    setDisabled: (subject, isDisabled) =>
      recorded(
        isDisabled ? ['subject_disabled', 'disable'] : ['subject_enabled', 'enable'],
        subject,
        {},
        () => access.setDisabled(subject, isDisabled),
      ),
  };
}
