import { ConfigurationError } from '../kernel/errors.ts';
import { PERMISSIONS } from '../kernel/permission.ts';
import type { Tool } from '../kernel/tool.ts';

const KNOWN: ReadonlySet<string | undefined> = new Set(PERMISSIONS);

/**
 * Types are stripped and not checked at run time, so what would be nobody's, or everybody's, is asked here. Throws
 * `ConfigurationError`.
 */
export function requirePermission(what: string, { permission }: Partial<Pick<Tool, 'permission'>>): void {
  if (KNOWN.has(permission)) return;
  throw new ConfigurationError(
    `${what} declares no permission that there is (${String(permission)}). Give it one of src/kernel/permission.ts.`,
  );
}
