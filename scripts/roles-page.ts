/**
 * Writes docs/roles.md from the table of roles, and from what every tool and resource demands.
 * With --check (part of `npm run check`) it only says whether the page is up to date.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { describeModules } from '../src/app/engine.ts';
import { PERMISSIONS, type Permission } from '../src/kernel/permission.ts';
import { ROLES, type Role } from '../src/kernel/role.ts';
import { permissionsOf, ROLE_DEFINITIONS } from '../src/policy/roles.ts';

const PAGE = 'docs/roles.md';

const PURPOSE: Readonly<Record<Role, string>> = {
  store_readonly: 'looks at the sales of its store, ready made',
  store_user: 'works at the counter and asks questions of its own; sees customers, not who they are',
  store_manager: 'runs a store',
  store_admin: 'and says who else may',
  regional_manager: 'runs several stores',
  super_admin: 'head office',
  auditor: 'sees what was done, and nothing of the business',
};

/** What other systems call a role, and which of ours that is. */
const NAMES: readonly (readonly [where: string, names: string, ours: Role, note?: string])[] = [
  ['policies of PostgreSQL roles', '`store_managers`', 'store_manager', 'with a grant of the store'],
  ['', '`regional_managers`', 'regional_manager', 'with a grant of the region, or of several stores'],
  ['row-level security by header', '`super_admin`', 'super_admin', 'with a grant of all stores'],
  ['', '`store_manager`', 'store_manager', '`allowed_stores` are grants of stores'],
  ['', '`regional_manager`', 'regional_manager', '`allowed_regions` are grants of regions'],
  ['permissions of a user', '`admin`', 'store_admin', '`manage_users` is `manage:access`'],
  ['', '`manager`', 'store_manager', '`write_transactions` is `write:orders` and `write:payments`'],
  ['', '`user`', 'store_user'],
  ['', '`readonly`', 'store_readonly'],
  ['store roles', '`store_admin`', 'store_admin'],
  ['', '`store_manager`', 'store_manager'],
  ['', '`store_user`', 'store_user'],
  ['', '`store_readonly`', 'store_readonly'],
];

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');

const may = (role: Role, permission: Permission) => (permissionsOf([role]).has(permission) ? 'yes' : '');
const code = (text: string) => `\`${text}\``;

function page(): string {
  const modules = describeModules();
  const guarded = [
    ...modules.flatMap(({ tools }) => tools).map(({ name, permission }) => ({ name, permission })),
    ...modules
      .flatMap(({ resources }) => resources)
      .map(({ uri, permission }) => ({ name: uri, permission })),
    ...modules.flatMap(({ prompts = [] }) => prompts).map(({ name, permission }) => ({ name, permission })),
  ];
  return `# Roles

Written by scripts/roles-page.ts from [src/policy/roles.ts](../src/policy/roles.ts) and the tools themselves. How roles are given: [access.md](access.md).

A role says what somebody may do, a grant in which stores: one store, a region with all its stores, later ones too, or all stores. Of several
roles the union counts. What no role of a caller allows is denied, and not listed for it either.

${table(
  ['role', 'who', 'may do what this one may'],
  ROLES.map((role) => [
    code(role),
    PURPOSE[role],
    code(ROLE_DEFINITIONS[role].inherits ?? '').replace('``', ''),
  ]),
)}

\`regional_manager\` may do what \`store_admin\` may: what sets it apart is a grant of more stores.

## Permissions

${table(
  ['permission', ...ROLES.map(code)],
  PERMISSIONS.map((permission) => [code(permission), ...ROLES.map((role) => may(role, permission))]),
)}

Without \`read:customer_pii\` the database masks names, addresses, telephone numbers and \`metadata\` of customers, whatever is asked.
\`read:analytics\` is to write SQL over everything that readers may read of the caller's stores: whoever has it needs no other right to read, but that one.

## Tools and resources

${table(
  ['tool, resource', 'permission', ...ROLES.map(code)],
  guarded.map(({ name, permission }) => [
    code(name),
    code(permission),
    ...ROLES.map((role) => may(role, permission)),
  ]),
)}

The report \`customer_analysis\` of \`sales_report\` takes \`read:customers\` as well.

## Names elsewhere

Systems that Aisle takes the place of have names of their own for the same. An identity provider's roles (app roles of Microsoft Entra ID, the claim
\`roles\`) count when they bear our names; others are mapped to one of them.

${table(
  ['where', 'name there', 'role', ''],
  NAMES.map(([where, name, ours, note = '']) => [where, name, code(ours), note]),
)}

\`read_all\`, \`write_all\` and \`delete_all\` are no permissions here: each thing has its own, and one that is added later is nobody's until a role is
given it.
`;
}

if (!process.argv.includes('--check')) writeFileSync(PAGE, page());
else if (readFileSync(PAGE, 'utf8') !== page()) {
  process.stderr.write(`${PAGE} is not what src/policy/roles.ts says: run "node scripts/roles-page.ts".\n`);
  process.exitCode = 1;
}
