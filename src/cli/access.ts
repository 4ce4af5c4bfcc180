import { Command, Option } from 'commander';
import { type Entitlement, type SubjectAccess, withAccess } from '../app/access.ts';
import { ValidationError } from '../kernel/errors.ts';
import { ROLES, type Role } from '../kernel/role.ts';
import { configFor, type DataOptions, withDataOptions } from './options.ts';
import { alignedTable, type Terminal } from './terminal.ts';

interface WhatOptions extends DataOptions {
  readonly role?: readonly Role[];
  readonly store?: readonly string[];
  readonly region?: readonly string[];
  readonly all?: true;
}

/** Who may see which stores, and what for. */
export function accessCommand(terminal: Terminal): Command {
  const commands = [
    showCommand(terminal),
    addCommand(terminal),
    entitling(terminal, 'grant', 'give a subject roles, and stores to have them in'),
    entitling(terminal, 'revoke', 'take roles or stores away from a subject'),
    switching(terminal, 'disable', 'make a subject nobody; its roles and stores stay for later'),
    switching(terminal, 'enable', 'take a subject back'),
  ];
  const access = new Command('access').description('who may see which stores, and what for');
  for (const command of commands) access.addCommand(command);
  return access;
}

function showCommand({ out }: Terminal): Command {
  const command = new Command('show')
    .description('roles and stores of everyone, or of one')
    .argument('[subject]', 'its slug or id')
    .option('--json', 'as JSON');
  return withDataOptions(command).action(
    async (slug: string | undefined, options: DataOptions & { json?: true }) => {
      const everyone = await withAccess(await configFor(options), (access) => access.list());
      const shown = slug === undefined ? everyone : [one(everyone, slug)];
      if (options.json === true) out(JSON.stringify(shown, null, 2));
      else out(table(shown));
    },
  );
}

function addCommand({ err, out }: Terminal): Command {
  const command = new Command('add')
    .description('make a subject, which may do nothing yet')
    .argument('<slug>', 'its short name')
    .requiredOption('--name <name>', 'its name for people');
  return withDataOptions(command).action(async (slug: string, options: DataOptions & { name: string }) => {
    const { subject } = await withAccess(await configFor(options), (access) =>
      access.add(slug, options.name),
    );
    out(subject);
    err(`Added ${slug}. Give it something to do: aisle access grant ${slug} --role … --store …`);
  });
}

function entitling({ err, out }: Terminal, verb: 'grant' | 'revoke', description: string): Command {
  const command = new Command(verb)
    .description(description)
    .argument('<subject>', 'its slug or id')
    .addOption(new Option('--role <role...>', 'what it may do').choices(ROLES))
    .option('--store <slug...>', 'stores to do it in')
    .option('--region <slug...>', 'all stores of a region, later ones too')
    .option('--all', 'all stores, later ones too');
  return withDataOptions(command).action(async (slug: string, options: WhatOptions) => {
    const what = entitlements(options);
    const changed = await withAccess(await configFor(options), (access) => access[verb](slug, what));
    out(table([changed]));
    err('Stores count with the next query; roles on running servers within 5 s.');
  });
}

function switching({ err }: Terminal, verb: 'disable' | 'enable', description: string): Command {
  const command = new Command(verb).description(description).argument('<subject>', 'its slug or id');
  return withDataOptions(command).action(async (slug: string, options: DataOptions) => {
    const isDisabled = verb === 'disable';
    const changed = await withAccess(await configFor(options), (access) =>
      access.setDisabled(slug, isDisabled),
    );
    err(`${changed.slug} is ${isDisabled ? 'nobody from here on, on running servers within 5 s' : 'back'}.`);
  });
}

function entitlements({ role = [], store = [], region = [], all }: WhatOptions): readonly Entitlement[] {
  const what: readonly Entitlement[] = [
    ...role.map((each) => ({ kind: 'role', role: each }) as const),
    ...store.map((slug) => ({ kind: 'store', slug }) as const),
    ...region.map((slug) => ({ kind: 'region', slug }) as const),
    ...(all === true ? [{ kind: 'all' } as const] : []),
  ];
  if (what.length > 0) return what;
  throw new ValidationError('Say what: --role, --store, --region or --all.');
}

function one(everyone: readonly SubjectAccess[], slug: string): SubjectAccess {
  const found = everyone.find((each) => each.slug === slug || each.subject === slug);
  if (found !== undefined) return found;
  const names = everyone.map((each) => each.slug).join(', ');
  throw new ValidationError(
    `There is no subject '${slug}'. ${names === '' ? 'There is none yet.' : `There are: ${names}.`}`,
  );
}

function table(subjects: readonly SubjectAccess[]): string {
  const rows = subjects.map(({ slug, subject, isDisabled, roles, stores, regions, allStores }) => {
    const where = allStores ? ['all'] : [...regions.map((region) => `region ${region}`), ...stores];
    return [slug, subject, roles.join(', '), where.join(', '), isDisabled ? 'disabled' : ''];
  });
  return alignedTable(['subject', 'id', 'roles', 'stores', 'state'], rows);
}
