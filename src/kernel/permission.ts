/** What a tool or resource may demand of its caller, as `verb:thing`. It names exactly one; OAuth scopes have the same names. */
export const PERMISSIONS = [
  'read:products',
  'read:basic_reports',
  'read:reports',
  'read:analytics',
  'read:customers',
  'read:customer_pii',
  'read:orders',
  'read:inventory',
  'write:customers',
  'write:orders',
  'write:inventory',
  'write:payments',
  'delete:orders',
  'manage:access',
  'read:audit',
] as const;

export type Permission = (typeof PERMISSIONS)[number];
