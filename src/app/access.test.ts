import { expect, test } from 'vitest';
import type { AccessAdministration, SubjectAccess } from '../data/database.ts';
import type { SecurityEvent } from '../kernel/audit.ts';
import { recordedAccess } from './access.ts';
import { recordedChanges } from './operator.ts';

const ANNA: SubjectAccess = {
  ...{ subject: '0190a000-0000-7000-8000-000000000001', slug: 'anna', displayName: 'Anna' },
  ...{ isDisabled: false, roles: [], stores: [], regions: [], allStores: false },
};
const administration = (outcome: () => Promise<SubjectAccess>): AccessAdministration => ({
  list: async () => [ANNA],
  ...{ add: outcome, grant: outcome, revoke: outcome, setDisabled: outcome },
});

async function eventsOf(
  work: (access: AccessAdministration) => Promise<unknown>,
  outcome: () => Promise<SubjectAccess> = async () => ANNA,
) {
  const events: SecurityEvent[] = [];
  const record = async (event: SecurityEvent) => void events.push(event);
  const changing = recordedChanges({ record }, PERSON);
  await work(recordedAccess(administration(outcome), changing)).catch(() => {});
  return events;
}

const PERSON = { user: 'olga', host: 'desk', databaseUser: 'aisle_admin' };
const operator = { user: 'olga', host: 'desk', database_user: 'aisle_admin' };
const what = [{ kind: 'all' }] as const;

/** Both events of a change. */
const told = (type: string, action: string, before: object = {}) => {
  const both = {
    ...{ success: true, severity: 'WARNING', name: 'operator olga', action, resourceType: 'subject' },
    requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
  };
  return [
    { ...both, type: 'operator_began', resourceId: 'anna', details: { ...before, operator } },
    { ...both, type, resourceId: ANNA.subject, details: { ...before, slug: 'anna', operator } },
  ];
};

test('every change is recorded before and after, with who makes it, whom it is about and what it is', async () => {
  expect(await eventsOf((access) => access.grant('anna', what))).toEqual(
    told('access_granted', 'grant', { what }),
  );
  expect(await eventsOf((access) => access.revoke('anna', what))).toEqual(
    told('access_revoked', 'revoke', { what }),
  );
  expect(await eventsOf((access) => access.add('anna', 'Anna'))).toEqual(told('subject_added', 'add'));
  expect(await eventsOf((access) => access.setDisabled('anna', true))).toEqual(
    told('subject_disabled', 'disable'),
  );
  expect(await eventsOf((access) => access.setDisabled('anna', false))).toEqual(
    told('subject_enabled', 'enable'),
  );
});

test('looking is not recorded', async () => {
  expect(await eventsOf((access) => access.list())).toEqual([]);
});
