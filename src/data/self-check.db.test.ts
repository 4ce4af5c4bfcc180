import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SuperuserSession, superuserDatabases } from '../../test/harness/superuser.ts';
import { ConfigurationError } from '../kernel/errors.ts';
import { checkWalls } from './self-check.ts';

/** Roles belong to the cluster: names of this run's own, and none outlives its transaction. */
const tag = randomBytes(6).toString('hex');
const READER = `walls_reader_${tag}`;
const BETWEEN = `walls_between_${tag}`;
const CREATE_ROLE = `CREATE ROLE ${READER} LOGIN NOSUPERUSER IN ROLE aisle_reader`;

const UNCONFINED = 'Queries would run as a superuser, with BYPASSRLS, or as a member of';
const UNFORCED = 'Tenant tables without forced row security or policies';

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

  it.each([
    ['is a superuser', [CREATE_ROLE, `ALTER ROLE ${READER} SUPERUSER`]],
    ['bypasses row security', [CREATE_ROLE, `ALTER ROLE ${READER} BYPASSRLS`]],
    ['may become the owner', [CREATE_ROLE, `GRANT aisle_owner TO ${READER}`]],
    ['may become the loader', [CREATE_ROLE, `GRANT aisle_loader TO ${READER}`]],
    ['may become the verifier', [CREATE_ROLE, `GRANT aisle_verifier TO ${READER}`]],
    ['may become the writer', [CREATE_ROLE, `GRANT aisle_writer TO ${READER}`]],
    [
      'inherits nothing and may become the loader by SET ROLE',
      [`${CREATE_ROLE} NOINHERIT`, `GRANT aisle_loader TO ${READER}`],
    ],
    [
      'may become the owner by way of another role',
      [CREATE_ROLE, `CREATE ROLE ${BETWEEN} IN ROLE aisle_owner`, `GRANT ${BETWEEN} TO ${READER}`],
    ],
    ['does not exist', []],
  ])('refuses a reader that %s', async (_hole, setUp) => {
    expect(await verdict(setUp, READER)).toContain(UNCONFINED);
  });

  it('without a role of its own looks at whoever the session is', async () => {
    expect(await verdict([])).toContain(UNCONFINED); // the test's superuser
    expect(
      await verdict([CREATE_ROLE, `GRANT aisle_loader TO ${READER}`, `SET LOCAL ROLE ${READER}`]),
    ).toContain(UNCONFINED);
  });

  const TABLE = 'CREATE TABLE retail.archive (store_id uuid, order_id uuid)';
  const ENABLE = 'ALTER TABLE retail.archive ENABLE ROW LEVEL SECURITY';
  const FORCE = 'ALTER TABLE retail.archive FORCE ROW LEVEL SECURITY';
  const POLICY = 'CREATE POLICY nobody ON retail.archive FOR SELECT USING (false)';

  it.each([
    ['with nothing', [TABLE]],
    ['with row security that is not forced on its owner', [TABLE, ENABLE, POLICY]],
    ['with forced row security that is not enabled', [TABLE, FORCE, POLICY]],
    ['with forced row security and no policy', [TABLE, ENABLE, FORCE]],
    ['with nothing, partitioned', [`${TABLE} PARTITION BY HASH (store_id)`]],
  ])('refuses a tenant table %s', async (_hole, setUp) => {
    expect(await verdict(setUp, 'aisle_reader')).toContain(`${UNFORCED}: retail.archive. `);
  });

  it('refuses a table of our own whose row security was loosened, and names each', async () => {
    const loosen = [
      'ALTER TABLE retail.orders NO FORCE ROW LEVEL SECURITY',
      'ALTER TABLE retail.customers DISABLE ROW LEVEL SECURITY',
    ];
    expect(await verdict(loosen, 'aisle_reader')).toContain(`${UNFORCED}: retail.customers, retail.orders. `);
  });

  it('serves with a further tenant table that has all three, and one that has no store_id', async () => {
    expect(await verdict([TABLE, ENABLE, FORCE, POLICY], 'aisle_reader')).toBe('served');
    expect(await verdict(['CREATE TABLE retail.colours (name text)'], 'aisle_reader')).toBe('served');
  });
});
