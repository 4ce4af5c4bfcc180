import { expect, test } from 'vitest';
import type { FunctionFacts } from '../data/function-facts.ts';
import { createLogger } from '../telemetry/logger.ts';
import { warnOfExtraFunctions } from './extra-functions.ts';

/** Closes: an operator who opens the guard for a function without knowing what it can do. */
const HARMLESS = { exists: true, isVolatile: false, runsAsOwner: false, isExecutable: true };

async function problemsOf(facts: Omit<FunctionFacts, 'name'>): Promise<unknown[]> {
  const lines: Record<string, unknown>[] = [];
  const logger = createLogger({
    level: 'warn',
    destination: { write: (line) => lines.push(JSON.parse(line)) },
  });
  const functionFacts = async (names: readonly string[]) => names.map((name) => ({ ...facts, name }));
  await warnOfExtraFunctions(['retail.margin'], { functionFacts }, logger);
  for (const line of lines) {
    expect(line).toMatchObject({ function: 'retail.margin', setting: 'SQL_EXTRA_FUNCTIONS' });
    expect(line.advice).toMatch(/\.$/);
  }
  return lines.map(({ problem }) => problem);
}

test.each([
  ['harmless', {}, []],
  ['unknown', { exists: false, isExecutable: false }, ['does not exist']],
  ['volatile', { isVolatile: true }, ['is volatile']],
  ['with its owner’s rights', { runsAsOwner: true }, ['is SECURITY DEFINER']],
  ['out of reach', { isExecutable: false }, ['may not be called by readers']],
  ['two things at once', { isVolatile: true, runsAsOwner: true }, ['is volatile', 'is SECURITY DEFINER']],
])('an extra function that is %s', async (_what, facts, problems) => {
  expect(await problemsOf({ ...HARMLESS, ...facts })).toEqual(problems);
});

test('without extra functions the database is not asked', async () => {
  const functionFacts = () => expect.fail('asked');
  await warnOfExtraFunctions([], { functionFacts }, createLogger({ level: 'silent' }));
});
