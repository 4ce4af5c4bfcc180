import { ConfigurationError } from '../kernel/errors.ts';
import { ROLES, type Role } from '../kernel/role.ts';

/** Which claims say what. `subject` and `name` are the first that is there; of the others all count together. */
export interface ClaimMapping {
  readonly subject: readonly string[];
  readonly name: readonly string[];
  readonly roles: readonly string[];
  readonly stores: readonly string[];
  readonly regions: readonly string[];
  /** Ours by the provider's name of a role or group. A name of ours stands for itself. */
  readonly roleNames: ReadonlyMap<string, Role>;
  /** What the provider puts before the name of a scope, e.g. `api://client-id/`. */
  readonly scopePrefix: string;
}

const DEFAULTS = {
  subject: ['oid', 'sub'],
  name: ['preferred_username', 'upn', 'email', 'sub'],
  roles: ['roles'],
  stores: ['stores'],
  regions: ['regions'],
} as const;

type Target = keyof typeof DEFAULTS;

/**
 * `claims` as `roles=roles|groups`, in place of the defaults; `roles` as `theirs=ours`. Throws `ConfigurationError` that
 * names what it does not understand.
 */
export function claimMapping(
  claims: readonly string[],
  roles: readonly string[],
  scopePrefix: string,
): ClaimMapping {
  const targets: Record<Target, readonly string[]> = { ...DEFAULTS };
  for (const item of claims) {
    const [target = '', names = ''] = halves(item, item.indexOf('='));
    const listed = names.split('|').filter((name) => name !== '');
    if (!isTarget(target) || listed.length === 0)
      throw new ConfigurationError(
        `OIDC_CLAIMS: "${item}" must be one of ${Object.keys(DEFAULTS).join(', ')}, then = and names of claims, as roles=roles|groups.`,
      );
    targets[target] = listed;
  }
  return { ...targets, roleNames: new Map(roles.map(roleName)), scopePrefix };
}

function roleName(item: string): readonly [string, Role] {
  const [theirs = '', ours = ''] = halves(item, item.lastIndexOf('='));
  const role = ROLES.find((known) => known === ours);
  if (theirs === '' || role === undefined)
    throw new ConfigurationError(
      `OIDC_ROLES: "${item}" must be a name of the provider's, then = and one of ${ROLES.join(', ')}.`,
    );
  return [theirs, role];
}

function halves(text: string, at: number): readonly string[] {
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

function isTarget(name: string): name is Target {
  return Object.hasOwn(DEFAULTS, name);
}
