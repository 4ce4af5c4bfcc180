import type { Permission } from '../kernel/permission.ts';
import type { Principal } from '../kernel/principal.ts';

/** What a decision is about: a tool, or a resource. */
export interface Guarded {
  readonly name: string;
  readonly permission: Permission;
}

export type Decision = { readonly allowed: true } | { readonly allowed: false; readonly reason: string };

/** May this principal use this? Only what a permission grants is allowed; all else is not. */
export function decide(principal: Principal, guarded: Guarded): Decision {
  if (principal.permissions.has(guarded.permission)) return { allowed: true };
  return { allowed: false, reason: `${guarded.name} needs the permission ${guarded.permission}.` };
}
