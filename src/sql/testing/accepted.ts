import { readFileSync } from 'node:fs';

/** A file of `accepted/`, and what a server needs to run all of it. */
interface AcceptedFile {
  readonly name: string;
  readonly sinceVersion?: number;
  readonly extensions?: readonly string[];
}

const FILES: readonly AcceptedFile[] = [
  { name: 'tpc-h' },
  { name: 'tpc-ds' },
  { name: 'business' },
  { name: 'windows' },
  { name: 'subqueries' },
  { name: 'values' },
  { name: 'dates' },
  { name: 'json-and-arrays' },
  { name: 'newer-servers', sinceVersion: 17 },
  { name: 'search' },
  { name: 'trigram', extensions: ['pg_trgm', 'fuzzystrmatch', 'unaccent'] },
];

export interface AcceptedStatements extends AcceptedFile {
  readonly statements: readonly string[];
}

/** Honest analytics over the retail schema, which the guard must let pass and every database must be able to run. */
export const ACCEPTED: readonly AcceptedStatements[] = FILES.map((file) => {
  const text = readFileSync(new URL(`accepted/${file.name}.sql`, import.meta.url), 'utf8');
  // A statement ends where a line ends with a semicolon.
  return { ...file, statements: text.trimEnd().split(/(?<=;)\n+/) };
});
