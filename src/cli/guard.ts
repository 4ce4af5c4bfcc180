import { createInterface } from 'node:readline';
import { Command } from 'commander';
import { createSqlGuard } from '../app/engine.ts';
import { loadConfig } from '../config.ts';
import { ValidationError } from '../kernel/errors.ts';
import type { Terminal } from './terminal.ts';

interface GuardOptions {
  readonly jsonl?: true;
  readonly anyRelation?: true;
}

export function guardCommand({ out }: Terminal): Command {
  return new Command('guard')
    .description('judge SQL without running it')
    .argument('[sql]', 'one statement')
    .option(
      '--jsonl',
      'read {"id":…,"sql":…} lines from standard input, write {"id":…,"ok":…,"code":…,"message":…} lines',
    )
    .option('--any-relation', 'allow every table, for corpora of other schemas')
    .action(async (sql: string | undefined, options: GuardOptions) => {
      const guard = await createSqlGuard(loadConfig(), options.anyRelation === true);
      const judge = (id: unknown, text: string) => {
        const { ok, ...rest } = guard.check(text);
        const said = 'code' in rest ? rest : {};
        return JSON.stringify({ ...(id === undefined ? {} : { id }), ok, ...said });
      };
      if (options.jsonl === true) {
        for await (const line of createInterface({ input: process.stdin })) {
          if (line.trim() !== '') out(judge(...readLine(line)));
        }
      } else if (sql !== undefined) out(judge(undefined, sql));
      else
        throw new ValidationError('Give one statement as argument, or --jsonl and lines on standard input.');
    });
}

function readLine(line: string): [id: unknown, sql: string] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    throw new ValidationError(`Not a JSON line: ${line.slice(0, 80)}`);
  }
  if (typeof parsed === 'object' && parsed !== null && 'sql' in parsed && typeof parsed.sql === 'string') {
    return ['id' in parsed ? parsed.id : null, parsed.sql];
  }
  throw new ValidationError(`A line needs a text field "sql": ${line.slice(0, 80)}`);
}
