/** What a subject may be; `src/policy/roles.ts` says what each may do. Which stores it may do it in is a grant, not a role. */
export const ROLES = [
  'store_readonly',
  'store_user',
  'store_manager',
  'store_admin',
  'regional_manager',
  'super_admin',
  'auditor',
] as const;

export type Role = (typeof ROLES)[number];
