/** One thing broken at a time, in a transaction that is rolled back: that finding changes, and no other. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SuperuserSession, superuserDatabases } from '../../test/harness/superuser.ts';
import { inspectionOf } from '../data/inspection.ts';
import type { Settings } from './check.ts';
import { examine } from './examine.ts';
import type { Finding } from './finding.ts';
import { EVERYWHERE, FUNCTION, ON_A_SERVER, ON_EMBEDDED } from './testing/breaks.ts';
import { settingsWith } from './testing/patient.ts';

describe.each(superuserDatabases)('what is wrong with $name', ({ name, connect }) => {
  const kind = name;
  const reached = { kind, address: 'here', isRemote: false, tls: undefined } as const;
  let session: SuperuserSession;
  let database: string;
  let good: readonly Finding[];

  const found = (statements: readonly string[], settings: Partial<Settings> = {}): Promise<Finding[]> =>
    session.rolledBack(async () => {
      const login = kind === 'embedded' ? 'aisle_reader' : `aisle_reader_${database}`;
      for (const statement of statements)
        await session.client.query(statement.replaceAll(':login', login).replaceAll(':database', database));
      const url = kind === 'embedded' ? undefined : 'postgres://owner@localhost/shop';
      return examine(
        settingsWith({ DATABASE_URL: url, ...settings }),
        await inspectionOf(session.client, reached),
      );
    });
  const changed = (findings: readonly Finding[]) =>
    Object.fromEntries(
      findings
        .filter(({ status }, index) => status !== good[index]?.status)
        .map(({ check, status }) => [check, status]),
    );

  beforeAll(async () => {
    session = await connect();
    await session.client.query('ANALYZE');
    const { rows } = await session.client.query<{ name: string }>('SELECT current_database() AS name');
    database = rows[0]?.name ?? '';
    good = await found([]);
  });
  afterAll(() => session.close());

  it('is nothing when it is as Aisle made it', () => {
    expect(good.filter(({ status }) => status === 'fail')).toEqual([]);
    const warned = good.filter(({ status }) => status === 'warn').map(({ check }) => check);
    expect(warned).toEqual(kind === 'embedded' ? [] : ['database user']); // the tests' user is a superuser
  });

  it.each([...EVERYWHERE, ...(kind === 'embedded' ? ON_EMBEDDED : ON_A_SERVER)])(
    '%s',
    async (_hole, statements, expected) => {
      const findings = await found(statements);
      expect(changed(findings)).toEqual(expected);
      const unmended = findings.filter(
        ({ status, mend }) => (status === 'warn' || status === 'fail') && !mend,
      );
      expect(unmended).toEqual([]);
    },
  );

  it.each([
    ['a pure one', 'IMMUTABLE', 'retail.own', 'ok', 'retail.own'],
    ['a pure one, unqualified', 'IMMUTABLE', 'own', 'ok', 'own'],
    ['a volatile one', 'VOLATILE', 'retail.own', 'warn', 'may have side effects (VOLATILE): retail.own'],
    [
      'one with other rights',
      'SECURITY DEFINER',
      'retail.own',
      'fail',
      'runs with the rights of its owner: retail.own',
    ],
    ['one of another name', 'IMMUTABLE', 'retail.owner', 'warn', 'does not exist: retail.owner'],
  ])('extra functions: %s', async (_what, kindOf, setting, status, text) => {
    const findings = await found([`${FUNCTION} ${kindOf} RETURN 1`], { SQL_EXTRA_FUNCTIONS: [setting] });
    expect(findings.find(({ check }) => check === 'extra functions')).toMatchObject({ status, found: text });
  });

  it('a query that fails is a finding, and those after it are looked at all the same', async () => {
    const findings = await found(['DROP TABLE access.context_keys']);
    expect(changed(findings)).toEqual({ grants: 'fail', 'context key': 'fail' });
    expect(findings.find(({ check }) => check === 'context key')?.found).toBe(
      'could not be looked at: relation "access.context_keys" does not exist',
    );
  });

  it('no name in the database can take the place of what the checks call', async () => {
    const findings = await found([
      'CREATE SCHEMA trap',
      `CREATE FUNCTION trap.current_setting(text) RETURNS text LANGUAGE sql RETURN 'trapped'`,
      'CREATE TABLE trap.pg_policy (polrelid oid)',
      'SET LOCAL search_path = trap, pg_catalog',
      'ALTER TABLE retail.orders DISABLE ROW LEVEL SECURITY',
    ]);
    expect(changed(findings)).toEqual({ grants: 'warn', 'forced row security': 'fail' });
  });
});
