import { Command, InvalidArgumentError } from 'commander';
import { type KeyState, withKeys } from '../app/keys.ts';
import { apiKeyCommands } from './api-keys.ts';
import { configFor, type DataOptions, withDataOptions } from './options.ts';
import { alignedTable, type Terminal } from './terminal.ts';

/** Longer than any context lives (at most 600 s of a query and 30 s) and than servers take to notice (5 s). */
const OVERLAP_SECONDS = 900;
const MAX_OVERLAP_SECONDS = 30 * 86_400;

interface RotateOptions extends DataOptions {
  readonly retireAfter: number;
  readonly now?: true;
}

function overlap(text: string): number {
  if (!/^\d{1,7}$/.test(text) || Number(text) > MAX_OVERLAP_SECONDS)
    throw new InvalidArgumentError('It must be a number of seconds, 30 days at most.');
  return Number(text);
}

/** The API keys of machines, and the keys that sign tenant contexts. */
export function keysCommand(terminal: Terminal): Command {
  const commands = [
    ...apiKeyCommands(terminal),
    signingCommand(terminal),
    rotateCommand(terminal),
    retireCommand(terminal),
  ];
  const keys = new Command('keys').description('API keys of machines, and the keys that sign who asks');
  for (const command of commands) keys.addCommand(command);
  return keys;
}

function signingCommand({ out }: Terminal): Command {
  const command = new Command('signing')
    .description('the keys that sign who asks, newest first; no secrets')
    .option('--json', 'as JSON');
  return withDataOptions(command).action(async (options: DataOptions & { json?: true }) => {
    const states = await withKeys(await configFor(options), (keys) => keys.list());
    if (options.json === true) out(JSON.stringify(states, null, 2));
    else out(alignedTable(['key', 'state', 'made', 'retires'], states.map(row)));
  });
}

function row({ keyId, state, createdAt, retiresAt }: KeyState): readonly (string | null)[] {
  return [keyId, state, createdAt.toISOString(), retiresAt?.toISOString() ?? null];
}

function rotateCommand({ err }: Terminal): Command {
  const command = new Command('rotate')
    .description('make a new signing key; running servers sign with it within seconds')
    .option(
      '--retire-after <seconds>',
      'how long the keys there are go on verifying',
      overlap,
      OVERLAP_SECONDS,
    )
    .option('--now', 'a key was leaked: all others are worth nothing from here on');
  return withDataOptions(command).action(async (options: RotateOptions) => {
    const seconds = options.now === true ? 0 : options.retireAfter;
    const keyId = await withKeys(await configFor(options), (keys) => keys.rotate(seconds));
    err(
      seconds === 0
        ? `Key ${keyId} signs. All others are gone.`
        : `Key ${keyId} signs, on running servers within 5 s. The others verify for another ${seconds} s.`,
    );
  });
}

function retireCommand({ err }: Terminal): Command {
  const command = new Command('retire')
    .description('take a signing key away at once')
    .argument('<key>', 'its id, as listed');
  return withDataOptions(command).action(async (keyId: string, options: DataOptions) => {
    await withKeys(await configFor(options), (keys) => keys.retire(keyId));
    err(`Key ${keyId} is gone.`);
  });
}
