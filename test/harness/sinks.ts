/** Everything that a running server writes to, to be searched for what must not be there. */
import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';

/** A secret that was planted somewhere. */
export interface Canary {
  readonly what: string;
  readonly text: string;
}

/** One place, and all that stands there. */
export interface Sink {
  readonly name: string;
  readonly text: string;
}

/** `canary in sink` for each that is found; upper and lower case, base64 and hexadecimal forms count too. */
export function leaks(sinks: readonly Sink[], canaries: readonly Canary[]): readonly string[] {
  return sinks.flatMap(({ name, text }) => {
    const seen = text.toLowerCase();
    return canaries
      .filter((canary) => formsOf(canary.text).some((form) => seen.includes(form.toLowerCase())))
      .map(({ what }) => `${what} in ${name}`);
  });
}

function formsOf(text: string): readonly string[] {
  const bytes = Buffer.from(text);
  return [text, bytes.toString('hex'), bytes.toString('base64').replace(/=+$/, ''), encodeURIComponent(text)];
}

/** The files of a data directory but those of the database itself, and of the key that belongs there. */
export function filesOf(directory: string): readonly Sink[] {
  return globSync('**/*', { cwd: directory })
    .filter((file) => !/^(?:pg|secret\.key)(?:\/|$)/.test(file))
    .map((file) => join(directory, file))
    .filter((path) => existsSync(path) && statSync(path).isFile())
    .map((path) => ({ name: path, text: readFileSync(path, 'latin1') }));
}

/** The command lines of a process and of all that it started. */
export function commandLines(pid: number): readonly Sink[] {
  const children = globSync(`/proc/${pid}/task/*/children`).flatMap((file) =>
    readFileSync(file, 'utf8').split(' ').filter(Boolean).map(Number),
  );
  const text = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  return [{ name: `command line of ${pid}`, text }, ...children.flatMap(commandLines)];
}

/** Every row of every table in the schema `audit`, partitions included, whichever there are. Needs a superuser's session. */
export async function auditTables(client: pg.Client): Promise<readonly Sink[]> {
  const tables = await client.query<{ name: string }>(
    `SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = 'audit' AND c.relkind IN ('r', 'm') ORDER BY 1`,
  );
  const sinks: Sink[] = [];
  for (const { name } of tables.rows) {
    const { rows } = await client.query<{ row: string }>(`SELECT to_jsonb(t)::text AS row FROM ${name} t`);
    sinks.push({ name, text: rows.map(({ row }) => row).join('\n') });
  }
  return sinks;
}
