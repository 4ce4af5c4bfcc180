import { Command } from 'commander';
import { describeTools } from '../app/engine.ts';
import { findServer } from '../app/running-server.ts';
import { openToolbox, type Toolbox } from '../app/toolbox.ts';
import type { Config } from '../config.ts';
import { ValidationError } from '../kernel/errors.ts';
import { argumentsFrom } from './call-arguments.ts';
import { remoteToolbox } from './call-remote.ts';
import { configFor, type DataOptions, withDataOptions } from './options.ts';
import { alignedTable, type Terminal } from './terminal.ts';

interface CallOptions extends DataOptions {
  readonly as?: string;
  readonly json?: true;
}

export function callCommand(terminal: Terminal): Command {
  const command = new Command('call')
    .description('call a tool as one of the identities, without an MCP client')
    .argument('<tool>', 'name of the tool; "aisle tools" lists them')
    .argument('[arguments...]', 'name=value, or bare values for the required parameters in their order')
    .option('--as <identity>', 'who calls: slug or id, e.g. seattle')
    .option('--json', 'the structured result as JSON')
    .addHelpText(
      'after',
      "\nExample: aisle call execute_sales_query --as seattle 'select count(*) from orders' max_rows=5",
    );
  return withDataOptions(command).action(async (tool: string, words: string[], options: CallOptions) => {
    const definition = describeTools().find((candidate) => candidate.name === tool);
    if (definition === undefined) {
      throw new ValidationError(
        `No tool "${tool}". There are: ${describeTools()
          .map(({ name }) => name)
          .join(', ')}.`,
      );
    }
    const args = argumentsFrom(definition.inputSchema, words);
    const toolbox = await toolboxFor(await configFor(options));
    try {
      const { structured, text } = await toolbox.call(tool, args, options.as);
      if (options.json === true) terminal.out(JSON.stringify(structured, null, 2));
      else terminal.out(terminal.outIsTty ? forPerson(structured, text) : text);
    } finally {
      await toolbox.close();
    }
  });
}

/** A server that has the embedded database open is asked; else this process opens the database itself. */
async function toolboxFor(config: Config): Promise<Toolbox> {
  const running = await findServer(config);
  return running === undefined ? openToolbox(config) : remoteToolbox(running, config.AISLE_API_KEY);
}

function forPerson(structured: unknown, text: string): string {
  if (!isTabular(structured)) return text;
  const table = alignedTable(
    structured.columns.map((column) => column.name),
    structured.rows,
  );
  const count = structured.rows.length === 1 ? '1 row' : `${structured.rows.length} rows`;
  return `${table}\n(${count}${structured.truncated ? '; there are more' : ''})`;
}

interface Tabular {
  readonly columns: readonly { readonly name: string }[];
  readonly rows: readonly (readonly unknown[])[];
  readonly truncated: boolean;
}

function isTabular(value: unknown): value is Tabular {
  return (
    typeof value === 'object' &&
    value !== null &&
    'columns' in value &&
    'rows' in value &&
    'truncated' in value
  );
}
