/**
 * Threat: a right that nobody meant to give. What each role may do is written out here once more, cell by cell, so that no
 * change of src/policy/roles.ts or of a tool's permission passes unseen; and lists show no caller what it may not use.
 */

import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { describeModules } from '../src/app/engine.ts';
import { PERMISSIONS, type Permission } from '../src/kernel/permission.ts';
import type { Principal } from '../src/kernel/principal.ts';
import { ROLES, type Role } from '../src/kernel/role.ts';
import { createPipeline } from '../src/pipeline/index.ts';
import { decide } from '../src/policy/decide.ts';
import { permissionsOf, ROLE_DEFINITIONS, type RoleTable } from '../src/policy/roles.ts';
import { silentLogger } from '../src/telemetry/logger.ts';
import { createStdioTransport } from '../src/transport/stdio.ts';
import { MAY_USE, TAKES } from './harness/may-use.ts';

/** In the order of ROLES: store_readonly, store_user, store_manager, store_admin, regional_manager, super_admin, auditor. */
const MAY: Readonly<Record<Permission, string>> = {
  'read:products': 'yyyyyy-',
  'read:basic_reports': 'yyyyyy-',
  'read:reports': '--yyyy-',
  'read:analytics': '-yyyyy-',
  'read:customers': '-yyyyy-',
  'read:customer_pii': '--yyyy-',
  'read:orders': '-yyyyy-',
  'read:inventory': '-yyyyy-',
  'write:customers': '--yyyy-',
  'write:orders': '-yyyyy-',
  'write:inventory': '--yyyy-',
  'write:payments': '-yyyyy-',
  'delete:orders': '---yyy-',
  'manage:access': '---yyy-',
  'read:audit': '-----yy',
};

const matrixOf = (table: RoleTable) =>
  Object.fromEntries(
    PERMISSIONS.map((permission) => [
      permission,
      ROLES.map((role) => (permissionsOf([role], table).has(permission) ? 'y' : '-')).join(''),
    ]),
  );

const as = (...roles: readonly Role[]): Principal => ({
  ...{ subject: '0190a000-0000-7000-8000-000000000001', name: 'somebody', method: 'token', roles },
  permissions: permissionsOf(roles),
});

const modules = describeModules();
const guarded = [
  ...modules.flatMap(({ tools }) => tools).map(({ name, permission }) => ({ name, permission })),
  ...modules.flatMap(({ resources }) => resources).map(({ uri: name, permission }) => ({ name, permission })),
  ...modules.flatMap(({ prompts = [] }) => prompts).map(({ name, permission }) => ({ name, permission })),
];

describe('the table of roles', () => {
  it('says what is written here, and nothing else', () => {
    expect(ROLES).toEqual([
      ...['store_readonly', 'store_user', 'store_manager', 'store_admin', 'regional_manager', 'super_admin'],
      'auditor',
    ]);
    expect(matrixOf(ROLE_DEFINITIONS)).toEqual(MAY);
  });

  const cells = ROLES.flatMap((role) => PERMISSIONS.map((permission) => ({ role, permission })));
  it.each(cells)('shows when $permission of $role is flipped', ({ role, permission }) => {
    const { permissions, ...definition } = ROLE_DEFINITIONS[role];
    const flipped = permissions.includes(permission)
      ? permissions.filter((each) => each !== permission)
      : [...permissions, permission];
    const table = { ...ROLE_DEFINITIONS, [role]: { ...definition, permissions: flipped } };
    // To say again what is inherited changes nothing for anybody.
    const inherited = definition.inherits && permissionsOf([definition.inherits]).has(permission);
    if (inherited === true) expect(matrixOf(table)).toEqual(MAY);
    else expect(matrixOf(table)).not.toEqual(MAY);
  });

  it.each(
    ROLES.flatMap((role) => [undefined, ...ROLES].map((inherits) => ({ role, inherits }))).filter(
      // Whoever inherits from itself, or from its own heir, has no end; head office and what comes below it are the same set.
      ({ role, inherits }) =>
        inherits !== ROLE_DEFINITIONS[role].inherits &&
        (inherits === undefined || !heirsOf(inherits).includes(role)) &&
        !(role === 'super_admin' && inherits === 'store_admin'),
    ),
  )('shows when $role inherits from $inherits', ({ role, inherits }) => {
    const { permissions } = ROLE_DEFINITIONS[role];
    const definition = inherits === undefined ? { permissions } : { permissions, inherits };
    expect(matrixOf({ ...ROLE_DEFINITIONS, [role]: definition })).not.toEqual(MAY);
  });

  it('of several roles the union counts, whichever comes first', () => {
    const both = new Set<Permission>(['read:products', 'read:basic_reports', 'read:audit']);
    expect(permissionsOf(['auditor', 'store_readonly'])).toEqual(both);
    expect(permissionsOf(['store_readonly', 'auditor'])).toEqual(both);
    expect(permissionsOf([])).toEqual(new Set());
  });
});

/** A role and all that it inherits from. */
function heirsOf(role: Role): readonly Role[] {
  const { inherits } = ROLE_DEFINITIONS[role];
  return inherits === undefined ? [role] : [role, ...heirsOf(inherits)];
}

describe('tools and resources', () => {
  it('are all in the table, which names nothing else', () => {
    expect(guarded.map(({ name }) => name).sort()).toEqual(Object.keys(MAY_USE).sort());
  });

  it('take the permission that is written down, and not another that the same roles have', () => {
    expect(Object.fromEntries(guarded.map(({ name, permission }) => [name, permission]))).toEqual(TAKES);
  });

  it.each(ROLES.map((role, column) => ({ role, column })))(
    '$role may use what is marked',
    ({ role, column }) => {
      const used = guarded.filter((each) => decide(as(role), each).allowed).map(({ name }) => name);
      const marked = Object.entries(MAY_USE).filter(([, row]) => row[column] === 'y');
      expect(used.sort()).toEqual(marked.map(([name]) => name).sort());
    },
  );

  it.each(ROLES.map((role, column) => ({ role, column })))(
    '$role is shown what it may use and nothing else',
    async ({ role, column }) => {
      expect(await listedFor(as(role))).toEqual(marked(column));
    },
  );

  it('nobody without a role is shown anything', async () => {
    expect(await listedFor(as())).toEqual([]);
  });

  it('what a token lacks the scope for is shown: it can be asked for', async () => {
    const given = new Set(['read:basic_reports', 'read:products', 'read:inventory'] as const);
    const scoped = { ...as('store_user'), permissions: given };
    expect(await listedFor({ ...scoped, withheld: new Set(['read:analytics']) })).toEqual(marked(1));
  });
});

function marked(column: number): readonly string[] {
  return Object.entries(MAY_USE)
    .filter(([, row]) => row[column] === 'y')
    .map(([name]) => name)
    .sort();
}

/** Names and URIs of all lists, as a client gets them. */
async function listedFor(principal: Principal): Promise<readonly string[]> {
  const stdin = new PassThrough();
  const stdout = new PassThrough();
  const pipeline = createPipeline({ logger: silentLogger });
  const serving = { modules, pipeline, version: '0', logger: silentLogger };
  const server = createStdioTransport({ serving, principal, stdin, stdout });
  const lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
  const say = (message: object) => stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  const ask = async (method: string, params: object = {}) => {
    say({ id: 1, method, params });
    return JSON.parse((await lines.next()).value ?? '').result;
  };
  const clientInfo = { name: 'test', version: '0' };
  await ask('initialize', { protocolVersion: '2025-11-25', capabilities: {}, clientInfo });
  say({ method: 'notifications/initialized' });
  const { tools } = await ask('tools/list');
  const { resources } = await ask('resources/list');
  const { resourceTemplates } = await ask('resources/templates/list');
  const { prompts } = await ask('prompts/list');
  await server.close();
  return [
    ...tools.map(({ name }: { name: string }) => name),
    ...resources.map(({ uri }: { uri: string }) => uri),
    ...resourceTemplates.map(({ uriTemplate }: { uriTemplate: string }) => uriTemplate),
    ...prompts.map(({ name }: { name: string }) => name),
  ].sort();
}
