import { Command, CommanderError } from 'commander';
import { redactText } from '../app/logging.ts';
import { VERSION } from '../app/version.ts';
import { AisleError, InternalError, ValidationError } from '../kernel/errors.ts';
import { type Terminal, terminal, visible } from './terminal.ts';

const EXIT_FAILED = 1;
const EXIT_USAGE = 2;

/** In the order of the help. Each is loaded when it is asked for: a server has no use for what the others need. */
const COMMANDS: Readonly<Record<string, () => Promise<(terminal: Terminal) => Command>>> = {
  serve: async () => (await import('./serve.ts')).serveCommand,
  migrate: async () => (await import('./migrate.ts')).migrateCommand,
  seed: async () => (await import('./seed.ts')).seedCommand,
  import: async () => (await import('./import.ts')).importCommand,
  embed: async () => (await import('./embed.ts')).embedCommand,
  call: async () => (await import('./call.ts')).callCommand,
  tools: async () => (await import('./tools.ts')).toolsCommand,
  guard: async () => (await import('./guard.ts')).guardCommand,
  keys: async () => (await import('./keys.ts')).keysCommand,
  access: async () => (await import('./access.ts')).accessCommand,
  secrets: async () => (await import('./secrets.ts')).secretsCommand,
  audit: async () => (await import('./audit.ts')).auditCommand,
  identities: async () => (await import('./identities.ts')).identitiesCommand,
  config: async () => (await import('./config.ts')).configCommand,
  doctor: async () => (await import('./doctor.ts')).doctorCommand,
};

async function program(wanted: string | undefined): Promise<Command> {
  const aisle = new Command('aisle')
    .description(
      "Governed access to a retailer's PostgreSQL for AI assistants, over the Model Context Protocol.",
    )
    .version(VERSION)
    .exitOverride()
    .showHelpAfterError('Run with --help for usage.')
    .addHelpText(
      'after',
      '\nSettings come from the environment or .env; options override them. Exit codes: 0 done, 1 failed, 2 wrong usage.',
    );
  const named = Object.entries(COMMANDS).filter(([name]) => name === wanted);
  for (const [, load] of named.length > 0 ? named : Object.entries(COMMANDS)) {
    const command = (await load())(terminal);
    aisle.addCommand(command.exitOverride());
    for (const nested of command.commands) nested.exitOverride();
  }
  return aisle;
}

/** Exit code of a failure, said on stderr unless commander has said it already. */
function report(failure: unknown): number {
  // Here there is no log that the cause could be looked up in.
  const error = failure instanceof InternalError ? failure.cause : failure;
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_USAGE;
  if (error instanceof AisleError) {
    const message = redactText(error.message).split('\n').map(visible).join('\n'); // it may quote what was typed
    terminal.err(`${error.code}: ${message}`);
    return error instanceof ValidationError ? EXIT_USAGE : EXIT_FAILED;
  }
  const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
  terminal.err(`Unexpected failure: ${redactText(what)}`);
  return EXIT_FAILED;
}

/** Does what the command line asks for; its exit code becomes the process's. */
export async function run(): Promise<void> {
  // Whoever reads may stop reading (`| head`): no failure, and nobody is left to write for. A command that has something left
  // to do then listens itself.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (process.stdout.listenerCount('error') > 1) return;
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
  try {
    await (await program(process.argv[2])).parseAsync();
  } catch (error) {
    process.exitCode = report(error);
  }
}
