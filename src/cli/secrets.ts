import { Command } from 'commander';
import { newSecretKey } from '../app/secret-keys.ts';
import { rotateSecrets } from '../app/upkeep.ts';
import { configFor, type DataOptions, withDataOptions } from './options.ts';
import type { Terminal } from './terminal.ts';

/** The keys that stored secrets are encrypted with. */
export function secretsCommand(terminal: Terminal): Command {
  return new Command('secrets')
    .description('the keys that stored secrets are encrypted with')
    .addCommand(newKeyCommand(terminal))
    .addCommand(rotateCommand(terminal));
}

function newKeyCommand({ out }: Terminal): Command {
  return new Command('new-key')
    .description('a new key, as id:key, to be put at the front of SECRET_KEYS')
    .action(() => out(newSecretKey(new Date())));
}

function rotateCommand({ out, err }: Terminal): Command {
  const command = new Command('rotate')
    .description('encrypt what is stored with the first key of SECRET_KEYS; servers may go on serving')
    .option('--json', 'what was done, as JSON');
  return withDataOptions(command).action(async (options: DataOptions & { json?: true }) => {
    const done = await rotateSecrets(await configFor(options));
    if (options.json === true) out(JSON.stringify(done, null, 2));
    else {
      err(`${done.rewritten} values were encrypted with the key ${done.current}.`);
      const old = done.unused.filter((id) => id !== done.current);
      if (old.length > 0 && done.unreadable === 0)
        err(`No stored field needs ${old.join(', ')} any more. See docs/secrets.md before you remove a key.`);
    }
    if (done.unreadable > 0) {
      err(
        `${done.unreadable} values are opened by no key of SECRET_KEYS. Put the missing key back at its end.`,
      );
      process.exitCode = 1;
    }
  });
}
