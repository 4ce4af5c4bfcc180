#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { redactText } from '../app/logging.ts';
import { VERSION } from '../app/version.ts';
import { AisleError, InternalError, ValidationError } from '../kernel/errors.ts';
import { accessCommand } from './access.ts';
import { auditCommand } from './audit.ts';
import { callCommand } from './call.ts';
import { configCommand } from './config.ts';
import { doctorCommand } from './doctor.ts';
import { guardCommand } from './guard.ts';
import { identitiesCommand } from './identities.ts';
import { importCommand } from './import.ts';
import { keysCommand } from './keys.ts';
import { migrateCommand } from './migrate.ts';
import { secretsCommand } from './secrets.ts';
import { seedCommand } from './seed.ts';
import { serveCommand } from './serve.ts';
import { terminal, visible } from './terminal.ts';
import { toolsCommand } from './tools.ts';

const EXIT_FAILED = 1;
const EXIT_USAGE = 2;

function program(): Command {
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
  const commands = [
    serveCommand(terminal),
    migrateCommand(terminal),
    seedCommand(terminal),
    importCommand(terminal),
    callCommand(terminal),
    toolsCommand(terminal),
    guardCommand(terminal),
    keysCommand(terminal),
    accessCommand(terminal),
    secretsCommand(terminal),
    auditCommand(terminal),
    identitiesCommand(terminal),
    configCommand(terminal),
    doctorCommand(terminal),
  ];
  for (const command of commands) aisle.addCommand(command.exitOverride());
  for (const nested of commands.flatMap((command) => command.commands)) nested.exitOverride();
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

// Whoever reads may stop reading (`| head`): no failure, and nobody is left to write for. A command that has something left to
// do then listens itself.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (process.stdout.listenerCount('error') > 1) return;
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

try {
  await program().parseAsync();
} catch (error) {
  process.exitCode = report(error);
}
