import { existsSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';

type Texts = Readonly<Record<string, string | undefined>>;

/** Where settings come from, the one that counts first at the top. */
export interface SettingSources {
  /** The command line. */
  readonly overrides: Texts;
  /** NAME, or NAME_FILE with the path of a file that holds the value. */
  readonly environment: Texts;
  /** What Azure Key Vault holds. */
  readonly vault?: Texts | undefined;
  /** Path of a file of lines NAME=value or NAME_FILE=path; there need not be one. */
  readonly envFile: string;
}

export interface Gathered {
  readonly values: Texts;
  /** Settings that the command line, the environment or a file decides, be it to be absent. */
  readonly decided: ReadonlySet<string>;
  readonly problems: readonly string[];
}

/** The text of each setting from the first source that has it. What can't be read is a problem, never an absent setting. */
export function gatherSettings(names: readonly string[], sources: SettingSources): Gathered {
  const { overrides, environment, vault = {}, envFile } = sources;
  const problems: string[] = [];
  const dotEnv = readDotEnv(envFile, problems);
  const values: Record<string, string | undefined> = {};
  const decided = new Set<string>();
  for (const name of names) {
    const first = overrides[name] ?? fromTexts(name, environment, problems);
    if (first !== undefined) decided.add(name);
    // What something before it says is not read, so that a file of .env's that is not there is no problem then.
    values[name] = first ?? vault[name] ?? fromTexts(name, dotEnv, problems);
  }
  return { values, decided, problems };
}

/** NAME of these texts, or what the file holds that their NAME_FILE names. */
function fromTexts(name: string, texts: Texts, problems: string[]): string | undefined {
  const value = texts[name];
  const path = texts[`${name}_FILE`] ?? '';
  if (path === '') return value;
  if (value !== undefined && value !== '') {
    problems.push(`Both ${name} and ${name}_FILE are set. Keep one.`);
    return undefined;
  }
  try {
    // Editors and `echo` end files with a line break, which is no part of a password.
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    problems.push(`The file that ${name}_FILE names can't be read (${codeOf(error)}): ${path}.`);
    return undefined;
  }
}

function readDotEnv(path: string, problems: string[]): Texts {
  if (!existsSync(path)) return {};
  try {
    return parseEnv(readFileSync(path, 'utf8'));
  } catch (error) {
    problems.push(`The file ${path} can't be read (${codeOf(error)}).`);
    return {};
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
}
