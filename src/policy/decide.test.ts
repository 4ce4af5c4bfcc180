import { expect, test } from 'vitest';
import type { Permission } from '../kernel/permission.ts';
import { decide } from './decide.ts';

const tool = { name: 'sales_report', permission: 'read:analytics' } as const;

function principal(...permissions: Permission[]) {
  return { subject: 'a', name: 'seattle', permissions: new Set(permissions) };
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
  expect(decide(who, tool)).toEqual({
    allowed: false,
    reason: 'sales_report needs the permission read:analytics.',
  });
});
