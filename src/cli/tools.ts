import { Command } from 'commander';
import { describeTools } from '../app/engine.ts';
import { alignedTable, type Terminal } from './terminal.ts';

export function toolsCommand({ out }: Terminal): Command {
  return new Command('tools')
    .description('the catalogue of tools, as a model sees it')
    .option('--json', 'with the full input and output schemas')
    .action((options: { json?: true }) => {
      const tools = describeTools();
      if (options.json === true) {
        out(JSON.stringify(tools, null, 2));
        return;
      }
      for (const { name, description, inputSchema } of tools) {
        const required = new Set(Array.isArray(inputSchema.required) ? inputSchema.required : []);
        const parameters = Object.entries((inputSchema.properties ?? {}) as Record<string, ParameterSchema>);
        out(`${name}\n  ${description}`);
        const rows = parameters.map(([parameter, schema]) => [
          `${parameter}${required.has(parameter) ? '' : '?'}`,
          schema.enum?.join('|') ?? schema.type ?? 'string',
          schema.default ?? '',
          schema.description ?? '',
        ]);
        out(`${rows.length === 0 ? '' : indented(['parameter', 'type', 'default', 'meaning'], rows)}\n`);
      }
    });
}

function indented(columns: readonly string[], rows: readonly (readonly unknown[])[]): string {
  return alignedTable(columns, rows).replace(/^/gm, '  ');
}

interface ParameterSchema {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly default?: unknown;
  readonly description?: string;
}
