import { expect, test } from 'vitest';
import { createGuard } from './guard.ts';
import { createParser } from './parser.ts';

/** Closes: a verdict that is remembered wrongly, or a fault of the guard itself that lets a statement through. */
const policy = { relations: 'any', searchPath: ['retail'] } as const;
const parser = await createParser();

test('an equal text gets the very verdict of the first, which nobody can change', async () => {
  const guard = await createGuard(policy, parser);
  for (const sql of ['SELECT a FROM t', 'SELECT pg_sleep(1)', '']) {
    const verdict = guard.check(sql);
    expect(guard.check(sql)).toBe(verdict);
    expect(Object.isFrozen(verdict)).toBe(true);
  }
});

test('a text is remembered up to the greatest length that may pass', async () => {
  const guard = await createGuard({ ...policy, bounds: { bytes: 8 } }, parser);
  expect(guard.check('SELECT 1')).toEqual({ ok: true, relations: [], isTimeless: true });
  expect(guard.check('SELECT 1')).toBe(guard.check('SELECT 1'));
  expect(guard.check('SELECT 12')).toMatchObject({ code: 'SQL_TOO_LONG' });
  expect(guard.check('SELECT 12')).not.toBe(guard.check('SELECT 12'));
});

test('a refusal without a place has none', async () => {
  const guard = await createGuard(policy, parser);
  expect(guard.check(' ')).toStrictEqual({
    ok: false,
    code: 'SQL_EMPTY',
    message: 'The statement is empty; write a SELECT.',
  });
});

test('a fault of the guard itself is a refusal', async () => {
  const broken = () => {
    throw new TypeError('a bug');
  };
  const guard = await createGuard(policy, { ...parser, parse: broken });
  expect(guard.check('SELECT 1')).toStrictEqual({
    ok: false,
    code: 'SQL_TOO_COMPLEX',
    message: 'The statement could not be judged; simplify it.',
  });
});

test('a tree with something in it that the guard does not know is refused', async () => {
  const select = (fields: object) => ({ stmts: [{ stmt: { SelectStmt: fields } }] }) as never;
  const judged = async (tree: never) =>
    (await createGuard(policy, { ...parser, parse: () => tree })).check('SELECT 1');
  const refusal = { ok: false, code: 'SQL_CONSTRUCT_NOT_ALLOWED' };
  expect(await judged(select({ targetList: ['text'] }))).toMatchObject({
    ...refusal,
    message: 'The statement has a part that the guard does not know.',
  });
  expect(await judged(select({ targetList: [{ ResTarget: 'text' }] }))).toMatchObject({
    ...refusal,
    message: 'ResTarget is not allowed here; use plain SELECT expressions.',
  });
  expect(await judged(select({ targetList: [null, {}] }))).toMatchObject({ ok: true });
  expect(await judged(select({ laterClause: 1 }))).toMatchObject({
    ...refusal,
    message: 'SelectStmt.laterClause is not allowed here; use plain SELECT expressions.',
  });
  expect(await judged(select({ withClause: { ctes: [], laterField: true } }))).toMatchObject({
    ...refusal,
    message: 'WithClause.laterField is not allowed here; use plain SELECT expressions.',
  });
});
