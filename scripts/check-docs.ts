/**
 * Fails when README.md, docs/ or bench/README.md names something that is not there: a path of this repository in backticks, in a code
 * block or as a link; an npm script; an `aisle` command or one of its options.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '..');
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: object };
// Named here as well, so that a folder which was deleted is missed.
const folders = new Set('src test docs scripts migrations bench deploy console .ci'.split(' '));
for (const entry of readdirSync(root, { withFileTypes: true }))
  if (entry.isDirectory()) folders.add(entry.name);

const problems: string[] = [];
const helpTexts = new Map<string, string>();
const documents = ['README.md', 'bench/README.md', ...globSync('docs/**/*.md', { cwd: root })];
for (const file of documents) {
  const text = readFileSync(join(root, file), 'utf8');
  const report = (problem: string): void => void problems.push(`${file}: ${problem}`);
  for (const link of linksOf(text)) {
    if (!existsSync(join(root, dirname(file), link))) report(`links to ${link}, which does not exist`);
  }
  for (const code of codeOf(text)) {
    for (const path of pathsOf(code)) {
      if (!exists(path) && !isMade(path)) report(`names the path ${path}, which does not exist`);
    }
    for (const script of scriptsOf(code))
      if (!(script in scripts)) report(`names the npm script ${script}, which does not exist`);
    for (const words of aisleCommandsOf(code)) checkCommand(words, report);
  }
}

for (const problem of problems) process.stderr.write(`${problem}\n`);
process.stderr.write(`docs: ${documents.length} files, ${problems.length} problems\n`);
process.exitCode = problems.length > 0 ? 1 : 0;

/** Relative link targets, without their anchors. */
function linksOf(text: string): string[] {
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map((match) => match[1]?.replace(/#.*$/, '') ?? '')
    .filter((link) => link !== '' && !/^[a-z]+:/.test(link));
}

/** Code spans, and the lines of code blocks with a trailing `\` joined. */
function codeOf(text: string): string[] {
  const lines: string[] = [];
  const prose = text.replace(/^ *```[^\n]*\n([\s\S]*?)^ *```/gm, (_, block: string) => {
    lines.push(...block.replace(/\\\n\s*/g, ' ').split('\n'));
    return '';
  });
  return [...lines, ...[...prose.matchAll(/`([^`\n]+)`/g)].map((match) => match[1] ?? '')];
}

/** Words that begin with a folder of the repository. */
function pathsOf(code: string): string[] {
  return code
    .split(/[\s"'=():;]+|,(?=\s|$)/)
    .map((word) => word.replace(/^\.\//, '').replace(/\.+$/, ''))
    .filter((word) => word.includes('/') && folders.has(word.split('/')[0] ?? ''));
}

/** `<domain>`, `NAME…` and `*` stand for anything. */
function exists(path: string): boolean {
  const pattern = path.replace(/<[^>]*>|…/g, '*');
  return pattern === path && !/[*{]/.test(path)
    ? existsSync(join(root, path))
    : globSync(pattern, { cwd: root }).length > 0;
}

/** What git ignores is made by using the project (dist/, coverage/), so a fresh clone lacks it rightly. */
function isMade(path: string): boolean {
  return spawnSync('git', ['check-ignore', '--quiet', path], { cwd: root }).status === 0;
}

function scriptsOf(code: string): string[] {
  const named = [...code.matchAll(/\bnpm run (?:-s |--silent )?([\w:-]+)/g)].map((match) => match[1] ?? '');
  const short = [...code.matchAll(/\bnpm (start|test)\b/g)].map((match) => match[1] ?? '');
  return [...named, ...short, ...(/\bnpm cit\b/.test(code) ? ['test'] : [])];
}

/** The words after `aisle`, however it is started, up to the end of that shell command. */
function aisleCommandsOf(code: string): string[][] {
  const start =
    /(?:npm run (?:-s |--silent )?aisle --|npx (?:-y )?aisle(?:-mcp)?|node src\/cli\/main\.ts|^\$? ?aisle)(?=\s|$)/g;
  return [...code.matchAll(start)].map((match) => {
    const rest = code.slice(match.index + match[0].length).replace(/'[^']*'|"[^"]*"/g, 'TEXT');
    return (
      rest
        .split(/[|&;<>#)]/)[0]
        ?.split(/\s+/)
        .filter((word) => word !== '') ?? []
    );
  });
}

/** Follows the words down the commands as `--help` tells them, then looks for the options. */
function checkCommand(words: readonly string[], report: (problem: string) => void): void {
  const path: string[] = [];
  let help = helpOf(path);
  for (const word of words) {
    const commands = help.match(/^Commands:\n([\s\S]*?)(?:\n\n|$(?![\s\S]))/m)?.[1];
    if (commands === undefined || !/^[a-z]/.test(word)) break;
    path.push(word);
    if (!new RegExp(`^  (?:[\\w-]+\\|)?${word}\\b`, 'm').test(commands)) {
      report(`names the command aisle ${path.join(' ')}, which does not exist`);
      return;
    }
    help = helpOf(path);
  }
  for (const option of words
    .map((word) => /^--[a-z][\w-]*/.exec(word)?.[0])
    .filter((option) => option !== undefined)) {
    if (!new RegExp(`${option}\\b(?!-)`).test(help))
      report(`names the option ${option} of aisle ${path.join(' ')}, which does not exist`);
  }
}

function helpOf(path: readonly string[]): string {
  const key = path.join(' ');
  let help = helpTexts.get(key);
  if (help === undefined) {
    help = spawnSync(process.execPath, [join(root, 'src/cli/main.ts'), ...path, '--help'], {
      encoding: 'utf8',
    }).stdout;
    helpTexts.set(key, help);
  }
  return help;
}
