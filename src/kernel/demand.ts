import { AuthorizationError } from './errors.ts';
import type { Permission } from './permission.ts';
import type { Principal } from './principal.ts';

/** For what tells more than its tool as a whole demands. Throws `AuthorizationError`. */
export function demand({ permissions }: Principal, ...required: readonly Permission[]): void {
  const missing = required.find((permission) => !permissions.has(permission));
  if (missing === undefined) return;
  throw new AuthorizationError(`Insufficient permissions. Required: ${missing}`, {
    data: { required: missing },
  });
}
