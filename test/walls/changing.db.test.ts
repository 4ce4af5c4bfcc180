/** The database wall alone: SQL that changes something. Each case is named after the hole that it closes. */
import { describe, expect, it } from 'vitest';
import { databasesAndManaged } from '../harness/databases.ts';
import { wallOn } from '../harness/wall.ts';

describe.each(databasesAndManaged)('the database wall on $name', ({ name, open }) => {
  const { failure } = wallOn(open);

  describe('a statement that would change something', () => {
    it.each([
      ['an insert', `INSERT INTO retail.regions (slug, name) VALUES ('x', 'x')`],
      ['an update', `UPDATE retail.orders SET total_amount = 0`],
      ['a delete', 'DELETE FROM retail.orders'],
      ['TRUNCATE, which ignores row security', 'TRUNCATE retail.orders'],
      ['a data-modifying CTE', `WITH d AS (DELETE FROM retail.orders RETURNING 1) SELECT * FROM d`],
      ['a table', 'CREATE TABLE retail.mine (a int)'],
      ['a temporary table', 'CREATE TEMP TABLE mine (a int)'],
      ['SELECT INTO', 'SELECT * INTO mine FROM retail.orders'],
      ['a way out of the read-only transaction', 'COMMIT; DELETE FROM retail.orders'],
      ['its own defaults', `ALTER ROLE CURRENT_USER SET search_path = public`],
      ['its own name', 'ALTER ROLE CURRENT_USER RENAME TO somebody'],
      ['a function', `CREATE FUNCTION retail.f() RETURNS int LANGUAGE sql AS 'SELECT 1'`],
      ['a policy of its own', 'CREATE POLICY mine ON retail.orders USING (true)'],
      ['row security taken off', 'ALTER TABLE retail.orders DISABLE ROW LEVEL SECURITY'],
      ['a grant', 'GRANT SELECT ON access.context_keys TO PUBLIC'],
      ['a large object from a file', `SELECT lo_import('/etc/passwd')`],
      ['a program run by COPY', `COPY (SELECT 1) TO PROGRAM 'true'`],
      ['a file read by COPY', `COPY retail.regions FROM '/etc/passwd'`],
      ['its own password', `ALTER ROLE CURRENT_USER PASSWORD 'x'`],
      ['read-write taken back', 'SET TRANSACTION READ WRITE'],
      ['a row lock', 'SELECT * FROM retail.orders FOR UPDATE'],
      ['two statements', 'SELECT 1; SELECT 2'],
    ])('%s is refused', async (_what, sql) => {
      expect((await failure(sql)).code).toBe('DATABASE_ERROR');
    });
  });

  // A managed service lets nobody take these from PUBLIC. They cross no store; there the guard is what stops them.
  const superuserMigrated =
    name === 'managed postgres'
      ? []
      : [
          'SELECT lo_create(0)',
          'DO $$ BEGIN PERFORM 1; END $$',
          'SELECT pg_cancel_backend(pg_backend_pid())',
        ];
  it.each(superuserMigrated)('where a superuser migrated, %s is refused', async (sql) => {
    expect((await failure(sql)).data).toEqual({ sqlstate: '42501' });
  });
});
