/** The database wall alone: SQL that puts itself into another's place. Each case is named after the hole that it closes. */
import { describe, expect, it } from 'vitest';
import { databasesAndManaged } from '../harness/databases.ts';
import { NORTH, SOUTH } from '../harness/two-stores.ts';
import { wallOn } from '../harness/wall.ts';

describe.each(databasesAndManaged)('a context that SQL text makes up on $name', ({ name, open }) => {
  const { asNorth, failure, outcomeOf } = wallOn(open);
  const southsId = SOUTH.principal.subject;
  const forged = `${'0'.repeat(12)}.${southsId}.9999999999.1.${'0'.repeat(64)}`;

  const crossings: readonly (readonly [hole: string, sql: string, onServer: string | []])[] = [
    [
      'set_config in a materialized CTE, read after it by LATERAL',
      `WITH w AS MATERIALIZED (SELECT set_config('aisle.context', '${forged}', true) AS c)
       SELECT o.order_id FROM w, LATERAL (SELECT order_id FROM orders WHERE w.c IS NOT NULL AND store_id = '${SOUTH.storeId}') o`,
      'UNAVAILABLE', // not believed
    ],
    [
      'the naive setting of the source',
      `WITH w AS MATERIALIZED (SELECT set_config('app.current_rls_user_id', '${southsId}', true) AS c)
       SELECT o.order_id FROM w, orders o WHERE w.c IS NOT NULL AND o.store_id = '${SOUTH.storeId}'`,
      [],
    ],
    [
      'the role taken back inside the query',
      `SELECT set_config('role', 'postgres', true), email FROM customers`,
      '42501',
    ],
    [
      'another role taken inside the query',
      `SELECT set_config('role', 'aisle_loader', true), email FROM customers`,
      '42501',
    ],
    [
      'the session authorization taken back, and SQL as text after it',
      `SELECT set_config('session_authorization', 'postgres', true), query_to_xml('SELECT * FROM retail.orders', true, true, '')`,
      '42501',
    ],
    [
      'the foreign keys and row security of a replica',
      `SELECT set_config('session_replication_role', 'replica', true), email FROM customers`,
      '42501',
    ],
  ];
  it.each(crossings)('%s: no row', async (_hole, sql, onServer) => {
    // The embedded reader has no set_config at all; a server's may set what it likes and gains nothing by it.
    expect(await outcomeOf(sql)).toEqual(name === 'embedded' ? '42501' : onServer);
  });

  it('row security turned off is an error and no rows', async () => {
    const outcome = await outcomeOf(
      `WITH w AS MATERIALIZED (SELECT set_config('row_security', 'off', true) AS c)
       SELECT query_to_xml('SELECT * FROM retail.orders', true, true, '') FROM w WHERE c = 'off'`,
    );
    expect(outcome).toBe('42501');
  });

  it.each([
    ['the keys', 'SELECT * FROM access.context_keys'],
    ['the subjects', 'SELECT * FROM access.subjects'],
    ['the grants', 'SELECT * FROM access.grants'],
    ['the audit', 'SELECT * FROM audit.imports'],
    ['the passwords', 'SELECT * FROM pg_authid'],
    ['a file of the server', `SELECT pg_read_file('/etc/passwd')`],
  ])('%s are out of reach', async (_what, sql) => {
    expect((await failure(sql)).data).toMatchObject({ sqlstate: '42501' });
  });

  it('a token of an own earlier call is of no use with another subject in it', async () => {
    const { rows } = await asNorth(`SELECT current_setting('aisle.context')`);
    const stolen = String(rows[0]?.[0]).replace(NORTH.principal.subject, southsId);
    const outcome = await outcomeOf(
      `WITH w AS MATERIALIZED (SELECT set_config('aisle.context', '${stolen}', true) AS c)
       SELECT o.order_id FROM w, LATERAL (SELECT order_id FROM orders WHERE w.c IS NOT NULL) o`,
    );
    expect(outcome).toEqual(name === 'embedded' ? '42501' : 'UNAVAILABLE');
  });
});
