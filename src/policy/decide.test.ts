import { expect, test } from 'vitest';
import { AuthorizationError } from '../kernel/errors.ts';
import type { Permission } from '../kernel/permission.ts';
import { type Decision, decide } from './decide.ts';

const tool = { name: 'sales_report', permission: 'read:analytics' } as const;

function principal(...permissions: Permission[]) {
  return {
    subject: 'a',
    name: 'seattle',
    roles: [],
    method: 'token' as const,
    permissions: new Set(permissions),
  };
}

test('what a permission grants is allowed', () => {
  expect(decide(principal('read:analytics'), tool)).toEqual({ allowed: true });
});

test.each([
  ['no permissions at all', principal()],
  ['another permission', principal('write:everything' as Permission)],
  ['a permission that merely begins alike', principal('read:analytics ' as Permission)],
  ['a wildcard, which means nothing', principal('*' as Permission)],
])('denied by default: %s', (_, who) => {
  const decision = decide(who, tool);
  expect(decision).toEqual({ allowed: false, refusal: expect.any(AuthorizationError) });
  expect(refusalOf(decision)).toEqual({
    code: 'AUTHORIZATION_ERROR',
    message: 'Insufficient permissions. Required: read:analytics',
    data: { required: 'read:analytics' },
  });
});

test('what the roles grant and the token withholds can be had by asking for the scope', () => {
  const who = { ...principal(), withheld: new Set(['read:analytics'] as const) };
  expect(refusalOf(decide(who, tool))).toEqual({
    code: 'INSUFFICIENT_SCOPE',
    message:
      'sales_report needs the scope read:analytics. Ask the authorization server for a token that has it.',
    data: { scope: 'read:analytics' },
  });
});

function refusalOf(decision: Decision) {
  if (decision.allowed) return expect.fail('it was allowed');
  const { code, message, data } = decision.refusal;
  return { code, message, data };
}
