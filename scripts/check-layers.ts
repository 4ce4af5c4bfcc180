/**
 * Fails when a file under src/ imports what the table in layers.ts does not allow. Type imports count: a layer that
 * knows another's types depends on it. Tests may import anything. Cycles and files nobody imports are knip's part.
 *
 * Why not dependency-cruiser: see docs/decisions/layering-checker.md.
 */
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { parseSync, Visitor } from 'oxc-parser';
import { layerOf, mayImport, mayImportPackage } from './layers.ts';

const src = resolve(process.argv[2] ?? join(import.meta.dirname, '..', 'src'));
const problems: string[] = [];
const files = globSync('**/*.ts', { cwd: src }).filter((file) => !file.endsWith('.test.ts'));

for (const file of files) {
  const path = file.split(sep).join('/');
  const from = layerOf(path);
  if (from === undefined) {
    problems.push(`src/${path} belongs to no layer of scripts/layers.ts`);
    continue;
  }
  for (const specifier of importsOf(join(src, file))) {
    const problem = judge(path, from, specifier);
    if (problem !== undefined) problems.push(`src/${path}: ${problem}`);
  }
}

for (const problem of problems) process.stderr.write(`${problem}\n`);
process.stderr.write(`layers: ${files.length} files, ${problems.length} problems\n`);
process.exitCode = problems.length > 0 ? 1 : 0;

function judge(path: string, from: string, specifier: string | undefined): string | undefined {
  if (specifier === undefined) return 'computes what it imports, which cannot be judged';
  if (specifier.startsWith('node:')) return undefined;
  if (!specifier.startsWith('.')) {
    const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
    return mayImportPackage(from, name) ? undefined : `${from} may not import the package ${name}`;
  }
  const target = relative(src, resolve(src, dirname(path), specifier))
    .split(sep)
    .join('/');
  if (target === '../package.json') return undefined; // the version number
  if (target.startsWith('../') || target.endsWith('.test.ts'))
    return `imports ${specifier}, which is not shipped`;
  const to = layerOf(target);
  return to !== undefined && mayImport(from, to)
    ? undefined
    : `${from} may not import ${to ?? target} (${specifier})`;
}

/** Every specifier of the file (undefined for a computed one): declarations, `import()`, and `import('…')` types. */
function importsOf(file: string): (string | undefined)[] {
  const { program, errors } = parseSync(file, readFileSync(file, 'utf8'));
  if (errors[0]) throw new Error(`${file}: ${errors[0].message}`);
  const found: (string | undefined)[] = [];
  const add = (node: { type: string } | null): void => {
    if (node === null) return;
    found.push('value' in node && typeof node.value === 'string' ? node.value : undefined);
  };
  new Visitor({
    ImportDeclaration: (node) => add(node.source),
    ExportNamedDeclaration: (node) => add(node.source),
    ExportAllDeclaration: (node) => add(node.source),
    ImportExpression: (node) => add(node.source),
    TSImportType: (node) => add(node.source),
  }).visit(program);
  return found;
}
