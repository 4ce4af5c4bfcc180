import { AuthorizationError, InsufficientScopeError } from '../kernel/errors.ts';
import type { Permission } from '../kernel/permission.ts';
import type { Principal } from '../kernel/principal.ts';

/** What a decision is about: a tool, or a resource. */
export interface Guarded {
  readonly name: string;
  readonly permission: Permission;
}

export type Decision =
  | { readonly allowed: true }
  /** Why not, as the error to answer with. */
  | { readonly allowed: false; readonly refusal: AuthorizationError };

/** May this principal use this? Only what a permission grants is allowed; all else is not. */
export function decide(principal: Principal, { name, permission }: Guarded): Decision {
  if (principal.permissions.has(permission)) return { allowed: true };
  const refusal = principal.withheld?.has(permission)
    ? new InsufficientScopeError(name, permission)
    : new AuthorizationError(`Insufficient permissions. Required: ${permission}`, {
        data: { required: permission },
      });
  return { allowed: false, refusal };
}
