import { Command } from 'commander';
import { withCredentials } from '../app/credentials.ts';
import { configFor, type DataOptions, withDataOptions } from './options.ts';
import { alignedTable, type Terminal, visible } from './terminal.ts';

interface IssuerOptions extends DataOptions {
  readonly issuer: string;
}

/** Who somebody is here whom a provider knows. */
export function identitiesCommand(terminal: Terminal): Command {
  const identities = new Command('identities').description(
    'whom a provider of tokens knows, and who that is here',
  );
  for (const make of [listCommand, linkCommand, unlinkCommand]) identities.addCommand(make(terminal));
  return identities;
}

function listCommand({ out }: Terminal): Command {
  const command = new Command('list').description('who is linked to whom').option('--json', 'as JSON');
  return withDataOptions(command).action(async (options: DataOptions & { json?: true }) => {
    const linked = await withCredentials(await configFor(options), (credentials) =>
      credentials.listIdentities(),
    );
    if (options.json === true) {
      out(JSON.stringify(linked, null, 2));
      return;
    }
    const rows = linked.map(({ subject, issuer, externalId, provisioned }) => [
      ...[subject, issuer, externalId, provisioned ? 'claims' : 'operator'],
    ]);
    out(alignedTable(['subject', 'issuer', 'id', 'by'], rows));
  });
}

function linkCommand({ err }: Terminal): Command {
  const command = new Command('link')
    .description('somebody whom a provider knows is this subject here')
    .argument('<id>', "the provider's id of them: oid or sub of their tokens")
    .requiredOption('--issuer <url>', 'exactly as in the tokens')
    .requiredOption('--subject <subject>', 'slug or id');
  return withDataOptions(command).action(
    async (externalId: string, options: IssuerOptions & { subject: string }) => {
      const { issuer, subject } = options;
      const was = await withCredentials(await configFor(options), (credentials) =>
        credentials.link({ issuer, externalId, subject }),
      );
      const before = was === undefined ? '' : ` It was ${was} until now.`;
      err(visible(`${externalId} of ${issuer} is ${subject}.${before}`));
    },
  );
}

function unlinkCommand({ err }: Terminal): Command {
  const command = new Command('unlink')
    .description('whom a provider knows under this id is nobody here any more')
    .argument('<id>', "the provider's id of them")
    .requiredOption('--issuer <url>', 'exactly as in the tokens');
  return withDataOptions(command).action(async (externalId: string, options: IssuerOptions) => {
    const { issuer } = options;
    await withCredentials(await configFor(options), (credentials) => credentials.unlink(issuer, externalId));
    err(visible(`${externalId} of ${issuer} is nobody here.`));
  });
}
