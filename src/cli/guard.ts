import { createInterface } from 'node:readline';
import { Command } from 'commander';
import { z } from 'zod';
import { createSqlGuard, type SqlGuard } from '../app/engine.ts';
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
    .addHelpText(
      'after',
      '\nExit codes: 0 allowed (with --jsonl: all lines were judged), 1 refused, 2 wrong usage.',
    )
    .action(async (sql: string | undefined, options: GuardOptions) => {
      const guard = await createSqlGuard(await loadConfig(), options.anyRelation === true);
      if (options.jsonl === true) {
        for await (const line of createInterface({ input: process.stdin })) {
          if (line.trim() !== '') out(JSON.stringify(judgeLine(guard, line)));
        }
      } else if (sql !== undefined) {
        const verdict = judge(guard, sql);
        out(JSON.stringify(verdict));
        if (!verdict.ok) process.exitCode = 1;
      } else
        throw new ValidationError('Give one statement as argument, or --jsonl and lines on standard input.');
    });
}

interface Judgement {
  readonly id?: unknown;
  readonly ok: boolean;
  readonly code?: string;
  readonly message?: string;
  readonly position?: number;
}

function judge(guard: SqlGuard, sql: string): Judgement {
  const verdict = guard.check(sql);
  return verdict.ok ? { ok: true } : verdict;
}

/** A line that is not understood is an answer like any other: the lines after it are judged all the same. */
function judgeLine(guard: SqlGuard, line: string): Judgement {
  const parsed = LINE.safeParse(parseJson(line));
  if (!parsed.success) {
    return { ok: false, code: 'VALIDATION_ERROR', message: 'Not a line of the form {"id":…,"sql":"…"}.' };
  }
  const { id = null, sql } = parsed.data;
  return { id, ...judge(guard, sql) };
}

const LINE = z.object({ id: z.unknown().optional(), sql: z.string() });

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
