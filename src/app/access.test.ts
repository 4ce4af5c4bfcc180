import { expect, test } from 'vitest';
import type { AccessAdministration, SubjectAccess } from '../data/database.ts';
import type { SecurityEvent } from '../kernel/audit.ts';
import { ValidationError } from '../kernel/errors.ts';
import { recordedAccess } from './access.ts';

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
  await work(recordedAccess(administration(outcome), { record })).catch(() => {});
  return events;
}

const anna = {
  ...{ success: true, severity: 'WARNING', name: 'operator' },
  ...{ resourceType: 'subject', resourceId: ANNA.subject },
};
const what = [{ kind: 'all' }] as const;

test('every change is recorded, with whom it is about and what was changed', async () => {
  expect(await eventsOf((access) => access.grant('anna', what))).toEqual([
    { ...anna, type: 'access_granted', action: 'grant', details: { what } },
  ]);
  expect(await eventsOf((access) => access.revoke('anna', what))).toEqual([
    { ...anna, type: 'access_revoked', action: 'revoke', details: { what } },
  ]);
  expect(await eventsOf((access) => access.add('anna', 'Anna'))).toEqual([
    { ...anna, type: 'subject_added', action: 'add', details: { slug: 'anna' } },
  ]);
  expect(await eventsOf((access) => access.setDisabled('anna', true))).toEqual([
    { ...anna, type: 'subject_disabled', action: 'disable' },
  ]);
  expect(await eventsOf((access) => access.setDisabled('anna', false))).toEqual([
    { ...anna, type: 'subject_enabled', action: 'enable' },
  ]);
});

test('what was not changed is not recorded, nor is looking', async () => {
  const refused = () => Promise.reject(new ValidationError('There is none.'));
  expect(await eventsOf((access) => access.grant('anna', what), refused)).toEqual([]);
  expect(await eventsOf((access) => access.list())).toEqual([]);
});

test('what can not be recorded is told', async () => {
  const record = () => Promise.reject(new ValidationError('The log is full.'));
  const access = recordedAccess(
    administration(async () => ANNA),
    { record },
  );
  await expect(access.grant('anna', what)).rejects.toThrow('The log is full.');
});
