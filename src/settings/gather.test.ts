import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { redactText } from '../telemetry/redact.ts';
import { gatherSettings } from './gather.ts';

describe('where settings come from', () => {
  let folder: string;
  const file = (name: string, text: string) => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'aisle-test-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const SOURCES = [
    ['overrides', 'the command line'],
    ['environment', 'the environment'],
    ['file', 'a file'],
    ['vault', 'the vault'],
    ['dotEnv', '.env'],
  ] as const;

  it.each(SOURCES.map(([name, what], index) => [what, name, index] as const))(
    '%s counts before all that come after it',
    (_what, name, index) => {
      const from = new Set(SOURCES.slice(index).map(([source]) => source));
      const text = (source: (typeof SOURCES)[number][0]) => (from.has(source) ? source : undefined);
      const dotEnv = from.has('dotEnv') ? file('.env', 'A=dotEnv\n') : join(folder, 'none');
      // NAME and NAME_FILE at once would be an error, so the environment is asked for one of them.
      const environment = name === 'file' ? { A_FILE: file('secret', 'file\n') } : { A: text('environment') };
      const overrides = { A: text('overrides') };
      const { values, problems } = gatherSettings(['A'], {
        ...{ overrides, environment, envFile: dotEnv },
        vault: { A: text('vault') },
      });
      expect([values.A, problems]).toEqual([name, []]);
    },
  );

  it.each([
    ['hunter2\n', 'hunter2'],
    ['hunter2\r\n', 'hunter2'],
    ['hunter2', 'hunter2'],
    [' hun ter2 \n\n', ' hun ter2 \n'],
    ['', ''],
  ])('of a file with %j the value is %j', (text, value) => {
    const environment = { A_FILE: file('secret', text) };
    expect(gatherSettings(['A'], { overrides: {}, environment, envFile: '/none' }).values.A).toBe(value);
  });

  it('a setting and its file at once are an error, whatever the file holds', () => {
    const environment = { A: 'x', A_FILE: file('secret', 'x') };
    const { values, problems } = gatherSettings(['A'], { overrides: {}, environment, envFile: '/none' });
    expect([values.A, problems]).toEqual([undefined, ['Both A and A_FILE are set. Keep one.']]);
  });

  it('an empty setting stands beside its file, as templates leave it', () => {
    const environment = { A: '', A_FILE: file('secret', 'x') };
    const { values, problems } = gatherSettings(['A'], { overrides: {}, environment, envFile: '/none' });
    expect([values.A, problems]).toEqual(['x', []]);
  });

  it('a file that can not be read is an error that names the setting, also when .env has a value', () => {
    const environment = { A_FILE: join(folder, 'missing'), B_FILE: folder };
    const envFile = file('.env', 'A=1\n');
    const { problems } = gatherSettings(['A', 'B'], { overrides: {}, environment, envFile });
    expect(problems).toEqual([
      `The file that A_FILE names can't be read (ENOENT): ${folder}/missing.`,
      `The file that B_FILE names can't be read (EISDIR): ${folder}.`,
    ]);
  });

  it('.env may name files too, which count where its values do', () => {
    const envFile = file('.env', `A_FILE=${file('a', 'of the file\n')}\nB_FILE=${join(folder, 'missing')}\n`);
    const sources = { overrides: {}, environment: { B: '1' }, envFile };
    expect(gatherSettings(['A', 'B'], sources)).toEqual({
      ...{ values: { A: 'of the file', B: '1' }, decided: new Set(['B']), problems: [] },
    });
    const before = { ...sources, vault: { A: 'vault' } };
    expect(gatherSettings(['A'], before).values.A).toBe('vault');
  });

  it('in .env too a setting and its file at once, or a file that can not be read, are an error', () => {
    const envFile = file('.env', `A=1\nA_FILE=x\nB_FILE=${folder}\n`);
    const { values, problems } = gatherSettings(['A', 'B'], { overrides: {}, environment: {}, envFile });
    expect([values, problems]).toEqual([
      { A: undefined, B: undefined },
      [
        'Both A and A_FILE are set. Keep one.',
        `The file that B_FILE names can't be read (EISDIR): ${folder}.`,
      ],
    ]);
  });

  it('an .env that can not be read is an error', () => {
    const { problems } = gatherSettings(['A'], { overrides: {}, environment: {}, envFile: folder });
    expect(problems).toEqual([`The file ${folder} can't be read (EISDIR).`]);
  });

  it('no word about a file with a key is masked', () => {
    const environment = {
      OPENAI_API_KEY_FILE: join(folder, 'missing'),
      SECRET_KEYS: 'x',
      SECRET_KEYS_FILE: 'y',
    };
    const sources = { overrides: {}, environment, envFile: '/none' };
    const { problems } = gatherSettings(['OPENAI_API_KEY', 'SECRET_KEYS'], sources);
    expect(problems).toHaveLength(2);
    expect(problems.map(redactText)).toEqual(problems);
  });

  it('tells what is decided before any vault is asked, emptiness included', () => {
    const { decided } = gatherSettings(['A', 'B', 'C', 'D'], {
      overrides: { A: '1' },
      environment: { B: '', C_FILE: file('secret', 'x') },
      envFile: file('.env', 'D=4\n'),
    });
    expect([...decided]).toEqual(['A', 'B', 'C']);
  });
});
