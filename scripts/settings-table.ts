/**
 * Writes the configuration table of README.md and .env.example from the schema in src/config.ts.
 * With --check (part of `npm run check`) it only says whether they are up to date.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { settingsTable } from '../src/config.ts';

const BEGIN = '<!-- settings: written by scripts/settings-table.ts -->';
const END = '<!-- /settings -->';

function withTable(readme: string): string {
  const rows = settingsTable().map(
    ([name, fallback, description]) =>
      `| \`${name}\` | ${fallback === '' ? '' : `\`${fallback}\``} | ${description} |`,
  );
  const table = ['| setting | default | meaning |', '|---|---|---|', ...rows].join('\n');
  const from = readme.indexOf(BEGIN);
  const to = readme.indexOf(END);
  return `${readme.slice(0, from + BEGIN.length)}\n${table}\n${readme.slice(to)}`;
}

function envExample(): string {
  const entries = settingsTable().map(
    ([name, fallback, description]) => `# ${description}\n# ${name}=${fallback}\n`,
  );
  return `# Copy to .env and uncomment what you change. Written by scripts/settings-table.ts.\n\n${entries.join('\n')}`;
}

const wanted: Readonly<Record<string, string>> = {
  'README.md': withTable(readFileSync('README.md', 'utf8')),
  '.env.example': envExample(),
};
for (const [file, text] of Object.entries(wanted)) {
  if (!process.argv.includes('--check')) writeFileSync(file, text);
  else if (readFileSync(file, 'utf8') !== text) {
    process.stderr.write(`${file} is not what src/config.ts says: run "node scripts/settings-table.ts".\n`);
    process.exitCode = 1;
  }
}
