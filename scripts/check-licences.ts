/**
 * Fails when a package that users install has a licence that is not on the list, or tells none. Reads the packages as they
 * lie in node_modules, so it needs no network.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { unfitLicence } from './licences.ts';

interface Locked {
  readonly version?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly peer?: boolean;
}

const root = join(import.meta.dirname, '..');
const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
  packages: Readonly<Record<string, Locked>>;
};
/** Users install these themselves when they need them; here they are development's, and judged all the same. */
const { peerDependencies = {} } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  peerDependencies?: Readonly<Record<string, string>>;
};

const problems: string[] = [];
let judged = 0;
for (const [path, locked] of Object.entries(packages)) {
  const name = path.replace(/^.*node_modules\//, '');
  if (path === '' || (locked.dev === true && !(name in peerDependencies))) continue;
  const file = join(root, path, 'package.json');
  // Made for another platform than this one; the others of its kind are judged here.
  if (!existsSync(file) && locked.optional === true) continue;
  judged += 1;
  const problem = existsSync(file)
    ? unfitLicence(JSON.parse(readFileSync(file, 'utf8')))
    : 'is not installed';
  if (problem !== undefined) problems.push(`${name} ${locked.version ?? ''}: ${problem}`);
}

for (const problem of problems) process.stderr.write(`${problem}\n`);
process.stderr.write(`licences: ${judged} packages, ${problems.length} problems\n`);
process.exitCode = problems.length > 0 ? 1 : 0;
