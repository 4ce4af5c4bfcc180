/**
 * The start is refused over whatever would let a model's SQL past row security. Each check of WALL_CHECKS is broken here
 * on purpose, and must be the one that speaks.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  BREACHES,
  COMPLETE,
  CREATE_ROLE,
  DEFINITION,
  ENABLE,
  FORCE,
  GRANT,
  POLICY,
  READER,
  READER_BREACHES,
  TABLE_BREACHES,
} from '../../test/harness/breaches.ts';
import { type SuperuserSession, superuserDatabases } from '../../test/harness/superuser.ts';
import { ConfigurationError } from '../kernel/errors.ts';
import { checkWalls, WALL_CHECKS } from './self-check.ts';

/** What the check says of this breach and of nothing else. */
function says(check: string, breach: string): string {
  const { wrong } = WALL_CHECKS.find(({ name }) => name === check) ?? expect.fail(`no check ${check}`);
  return `Aisle does not serve this database, since it would not keep stores apart:\n  ${wrong}: ${breach}`;
}

describe.each(superuserDatabases)('checkWalls on $name', ({ connect }) => {
  let session: SuperuserSession;

  /** "served", or what was said against it, after `setUp` and in the role of `role`. */
  const verdict = (setUp: readonly string[], role?: string): Promise<string> =>
    session.rolledBack(async () => {
      for (const statement of setUp) await session.client.query(statement);
      try {
        await checkWalls(session.client, role);
        return 'served';
      } catch (error) {
        if (!(error instanceof ConfigurationError)) throw error;
        return error.message;
      }
    });

  beforeAll(async () => {
    session = await connect();
  });
  afterAll(() => session.close());

  it('serves as the reader, and as a login that is a member of the reader only', async () => {
    expect(await verdict([], 'aisle_reader')).toBe('served');
    expect(await verdict([CREATE_ROLE], READER)).toBe('served');
    expect(await verdict([CREATE_ROLE, `SET LOCAL ROLE ${READER}`])).toBe('served');
  });

  it.each(READER_BREACHES)('refuses a reader that %s', async (_hole, check, setUp, breach) => {
    expect(await verdict(setUp, READER)).toContain(says(check, `${breach}. `));
  });

  it('refuses a reader that does not exist', async () => {
    expect(await verdict([], READER)).toBe(
      `The role ${READER} that queries run as does not exist. Run "aisle migrate".`,
    );
  });

  it('without a role of its own looks at whoever the session is', async () => {
    expect(await verdict([])).toContain(says('reader attributes', 'SUPERUSER')); // the test's own
  });

  it.each(BREACHES)('refuses a reader that may %s', async (_hole, check, setUp, breach) => {
    expect(await verdict(setUp, 'aisle_reader')).toContain(says(check, breach));
  });

  it.each(TABLE_BREACHES)('refuses a database %s', async (_hole, check, setUp, breach) => {
    expect(await verdict(setUp, 'aisle_reader')).toContain(says(check, breach));
  });

  it('breaks every check there is', () => {
    const broken = [...READER_BREACHES, ...BREACHES, ...TABLE_BREACHES].map(([, check]) => check);
    const stepwise = ['primary keys led by store_id'];
    expect(new Set([...broken, ...stepwise])).toEqual(new Set(WALL_CHECKS.map(({ name }) => name)));
  });

  it('tells all that is wrong at once, each with how to mend it', async () => {
    const said = await verdict(
      [...COMPLETE.slice(0, 1), 'GRANT INSERT ON retail.orders TO PUBLIC'],
      'aisle_reader',
    );
    expect(said.split('\n').map((line) => line.trim().split(':')[0])).toEqual([
      'Aisle does not serve this database, since it would not keep stores apart',
      'The reader may write',
      'Tenant tables without forced row security',
      'Tenant tables without a policy that lets readers see the rows of their stores',
    ]);
    expect(said).toContain('ALTER TABLE … FORCE ROW LEVEL SECURITY.');
  });

  it('a new tenant table is refused step by step, until it is complete', async () => {
    const steps: readonly (readonly [statement: string, ...silenced: string[]])[] = [
      [`CREATE TABLE retail.returns (${DEFINITION})`],
      [ENABLE],
      [FORCE, 'forced row security'],
      [POLICY, 'policy for the reader'],
      ['ALTER TABLE retail.returns ADD PRIMARY KEY (return_id, store_id)'],
      ['ALTER TABLE retail.returns DROP CONSTRAINT returns_pkey'],
      ['ALTER TABLE retail.returns ADD PRIMARY KEY (store_id, return_id)', 'primary keys led by store_id'],
    ];
    const open = new Set(['forced row security', 'policy for the reader', 'primary keys led by store_id']);
    const done: string[] = [];
    for (const [statement, ...silenced] of steps) {
      done.push(statement);
      for (const check of silenced) open.delete(check);
      const said = await verdict(done, 'aisle_reader');
      const speaking = WALL_CHECKS.filter(({ wrong }) => said.includes(`${wrong}: retail.returns. `));
      expect(
        speaking.map(({ name }) => name),
        statement,
      ).toEqual([...open]);
    }
    expect(await verdict([...done, GRANT], 'aisle_reader')).toBe('served');
  });

  it('serves with views that look with the eyes of whoever asks, and whole tenant tables', async () => {
    expect(
      await verdict(
        [
          'CREATE VIEW retail.sales WITH (security_invoker, security_barrier) AS SELECT * FROM retail.orders',
          'GRANT SELECT ON retail.sales TO aisle_reader',
        ],
        'aisle_reader',
      ),
    ).toBe('served');
    expect(await verdict(COMPLETE, 'aisle_reader')).toBe('served');
  });
});
