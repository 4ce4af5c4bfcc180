import type { Permission } from '../kernel/permission.ts';
import type { Role } from '../kernel/role.ts';

interface RoleDefinition {
  /** All that this role may do is added. */
  readonly inherits?: Role;
  readonly permissions: readonly Permission[];
}

export type RoleTable = Readonly<Record<Role, RoleDefinition>>;

/** The one table of who may do what. The page docs/roles.md is made of it. */
export const ROLE_DEFINITIONS: RoleTable = {
  store_readonly: { permissions: ['read:products', 'read:basic_reports'] },
  store_user: {
    inherits: 'store_readonly',
    permissions: [
      'read:analytics',
      'read:customers',
      'read:orders',
      'read:inventory',
      'write:orders',
      'write:payments',
    ],
  },
  store_manager: {
    inherits: 'store_user',
    permissions: ['read:reports', 'read:customer_pii', 'write:customers', 'write:inventory'],
  },
  store_admin: { inherits: 'store_manager', permissions: ['delete:orders', 'manage:access'] },
  regional_manager: { inherits: 'store_admin', permissions: [] },
  super_admin: { inherits: 'regional_manager', permissions: ['read:audit'] },
  // Sees what was done, and nothing of the business.
  auditor: { permissions: ['read:audit'] },
};

/** Everything that any of the roles grants. */
export function permissionsOf(
  roles: readonly Role[],
  table: RoleTable = ROLE_DEFINITIONS,
): ReadonlySet<Permission> {
  const ofOne = (role: Role): readonly Permission[] => {
    const { inherits, permissions } = table[role];
    return inherits === undefined ? permissions : [...ofOne(inherits), ...permissions];
  };
  return new Set(roles.flatMap(ofOne));
}
