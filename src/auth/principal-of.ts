import type { Permission } from '../kernel/permission.ts';
import type { Principal } from '../kernel/principal.ts';
import { permissionsOf } from '../policy/roles.ts';

type Facts = Omit<Principal, 'permissions' | 'withheld'>;

/** A principal that may do what its roles grant and the scopes don't leave out. Without `scopes` nothing is left out. */
export function principalOf(facts: Facts, scopes: ReadonlySet<string> | undefined): Principal {
  const granted = permissionsOf(facts.roles);
  if (scopes === undefined) return { ...facts, permissions: granted };
  const permissions = new Set<Permission>();
  const withheld = new Set<Permission>();
  for (const permission of granted) (scopes.has(permission) ? permissions : withheld).add(permission);
  return { ...facts, permissions, ...(withheld.size > 0 && { withheld }) };
}
