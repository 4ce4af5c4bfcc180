/**
 * Threat: whoever owns the database cuts a chain off and sets its head back, drops a month together with its head, or, with
 * the key, writes the end anew; and excuses it by an event that says that the month was dropped by rule. Closed here: the
 * month after remembers where a chain ended, anchors kept elsewhere do, and such an event has to hold itself.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callBy, TEST_KEYS } from '../../../test/harness/audited.ts';
import { type SuperuserSession, superuserDatabases } from '../../../test/harness/superuser.ts';
import { NORTH } from '../../../test/harness/two-stores.ts';
import { type AuditAnchor, anchorText, parseAnchor } from './anchors.ts';
import { appendEntries } from './append.ts';
import { dropPartitions, makePartitions } from './partitions.ts';
import { callEntry, eventEntry } from './rows.ts';
import { chainEnds, type VerifyScope, verifyChains } from './verify.ts';

const KEY = TEST_KEYS.current();
const [FIRST, SECOND] = ['tool_calls_2026_01', 'tool_calls_2026_03'];
const OPENED = `ALTER TABLE audit.tool_calls DISABLE TRIGGER USER; ALTER TABLE audit.chain_heads DISABLE TRIGGER USER;
  ALTER TABLE audit.security_audit_log DISABLE TRIGGER USER`;
/** The last records of a month gone, and its head set to what is left. */
const cut = (partition: string, length: number) => [
  `DELETE FROM audit.${partition} WHERE sequence > ${length}`,
  `UPDATE audit.chain_heads SET length = ${length}, mac = (SELECT mac FROM audit.${partition} WHERE sequence = ${length})
   WHERE partition = '${partition}'`,
];
const drop = (partition: string) => [
  `DROP TABLE audit.${partition}`,
  `DELETE FROM audit.chain_heads WHERE partition = '${partition}'`,
];
/** That the first month was dropped by rule, as one says it who has no key. */
const FORGED = `INSERT INTO audit.security_audit_log SELECT (jsonb_populate_record(NULL::audit.security_audit_log,
  jsonb_build_object('id', gen_random_uuid(), 'sequence', 1, 'key_id', '${KEY.id}', 'mac', '\\x${'00'.repeat(32)}',
    'created_at', '2026-03-05T00:00:00Z', 'event_type', 'audit_partition_dropped', 'action', 'drop', 'severity', 'INFO',
    'success', true, 'resource_id', '${FIRST}',
    'details', jsonb_build_object('records', 999, 'last_mac', '${'0'.repeat(64)}')))).*`;

describe.each(superuserDatabases)('on $name', ({ connect }) => {
  let session: SuperuserSession;
  let anchors: readonly AuditAnchor[];
  const callsAt = (at: string, names: readonly string[]) =>
    names.map((name) => callEntry(callBy(NORTH.principal, { name, at: Date.parse(at) })));
  beforeAll(async () => {
    session = await connect();
    const { client } = session;
    await client.query(`BEGIN; SET LOCAL ROLE aisle_owner; SET LOCAL "TimeZone" = 'UTC'`);
    for (const month of ['2026-01', '2026-02', '2026-03']) await makePartitions(client, month);
    await client.query('SET LOCAL ROLE aisle_auditor');
    await appendEntries(client, KEY, callsAt('2026-01-10T00:00:00Z', ['a', 'b', 'c', 'd']));
    await appendEntries(client, KEY, callsAt('2026-03-01T00:00:00Z', ['e', 'f']));
    // Late, and after the next month has begun: that is no finding.
    await appendEntries(client, KEY, callsAt('2026-01-31T00:00:00Z', ['late']));
    await appendEntries(client, KEY, callsAt('2026-03-02T00:00:00Z', ['g']));
    await client.query('COMMIT; BEGIN; SET LOCAL ROLE aisle_audit_reader');
    anchors = await chainEnds(client);
    await client.query('COMMIT');
  });
  afterAll(() => session.close());

  const verifyAfter = (statements: readonly string[], scope: VerifyScope = {}) =>
    session.rolledBack(async () => {
      await session.client.query(`${OPENED}; SET LOCAL "TimeZone" = 'UTC'`);
      for (const statement of statements) await session.client.query(statement);
      return verifyChains(session.client, TEST_KEYS, scope, () => {});
    });

  it('months are bound to the one before that has records, and all holds', async () => {
    const { rows } = await session.client.query(
      'SELECT partition, after_partition, after_length::int FROM audit.chain_heads WHERE length > 0 ORDER BY 1',
    );
    expect(rows).toEqual([
      { partition: FIRST, after_partition: null, after_length: null },
      { partition: SECOND, after_partition: FIRST, after_length: 4 },
    ]);
    expect(anchors.map(({ partition, length }) => [partition, length])).toEqual([
      [FIRST, 5],
      [SECOND, 3],
    ]);
    expect(await verifyAfter([], { anchors })).toMatchObject({ anchors: 2, found: 0, ends: anchors });
    expect(await verifyAfter([], { anchors, from: '2026-02' })).toMatchObject({ anchors: 1, found: 0 });
  });

  it.each<[string, readonly string[], object]>([
    ['cut off', cut('tool_calls_2026_01', 2), { kind: 'deleted', from: 3, to: 4 }],
    [
      'cut off, also for whoever looks at that month only',
      cut('tool_calls_2026_01', 3),
      { kind: 'deleted', from: 4, to: 4 },
    ],
    ['dropped with its head', drop('tool_calls_2026_01'), { kind: 'missing', from: 1, to: 4 }],
  ])('a month that was %s is found by the next', async (_, statements, finding) => {
    const found = { partition: FIRST, witness: SECOND, ...finding };
    expect((await verifyAfter(statements)).findings).toEqual([found]);
    expect((await verifyAfter(statements, { to: '2026-01' })).findings).toEqual([found]);
  });

  it.each<[string, readonly string[], object]>([
    ['cut off', cut('tool_calls_2026_03', 1), { kind: 'deleted', from: 2, to: 3 }],
    ['dropped with its head', drop('tool_calls_2026_03'), { kind: 'missing', from: 1, to: 3 }],
  ])('the last month %s is found by an anchor', async (_, statements, finding) => {
    expect((await verifyAfter(statements)).findings).toEqual([]);
    expect((await verifyAfter(statements, { anchors })).findings).toEqual([
      { partition: SECOND, witness: 'anchor', ...finding },
    ]);
  });

  it('an end that was written anew with the key is found by an anchor, from the record on at which it was', async () => {
    const found = await session.rolledBack(async () => {
      await session.client.query(OPENED);
      for (const statement of cut('tool_calls_2026_03', 2)) await session.client.query(statement);
      await appendEntries(session.client, KEY, callsAt('2026-03-02T00:00:00Z', ['h', 'i']));
      return verifyChains(session.client, TEST_KEYS, { anchors }, () => {});
    });
    expect(found.findings).toEqual([
      { partition: SECOND, kind: 'rewritten', from: 3, to: 3, witness: 'anchor' },
    ]);
  });

  it('what a month says of the one before can not be taken back', async () => {
    const unbound = `UPDATE audit.chain_heads SET after_partition = NULL, after_length = NULL, after_mac = NULL`;
    expect((await verifyAfter([unbound])).findings).toEqual([
      { partition: SECOND, kind: 'changed', from: 1, to: 1 },
    ]);
  });

  /** The first month dropped by rule, on the second of March. */
  const verifyDropped = (scope: VerifyScope, statements: readonly string[] = []) =>
    session.rolledBack(async () => {
      await session.client.query(`SET LOCAL ROLE aisle_owner; SET LOCAL "TimeZone" = 'UTC'`);
      await dropPartitions(session.client, '2026-02', KEY, Date.parse('2026-03-02T00:00:00Z'));
      await session.client.query(`RESET ROLE; ${OPENED}`);
      for (const statement of statements) await session.client.query(statement);
      return verifyChains(session.client, TEST_KEYS, scope, () => {});
    });

  it('a month that was dropped by rule is missed by nobody, and its anchors are told to be of no use', async () => {
    const unused = [{ partition: FIRST, because: 'dropped', anchors: 1 }];
    const all = { anchors, retentionMonths: 1 };
    expect(await verifyDropped(all)).toMatchObject({ findings: [], found: 0, anchors: 1, unused });
    // The event lies in a month that was not asked for.
    expect(await verifyDropped({ ...all, to: '2026-01' })).toMatchObject({
      ...{ partitions: 0, records: 0, findings: [], found: 0, anchors: 0 },
      unused: [...unused, { partition: SECOND, because: 'range', anchors: 1 }],
    });
  });

  it.each<[string, VerifyScope, readonly string[]]>([
    ['was younger than the rule says', { retentionMonths: 2 }, []],
    [
      'is told to be gone by an event that was changed',
      {},
      [`UPDATE audit.security_audit_log SET user_name = 'x'`],
    ],
    ['is told to be gone by an event that is gone', {}, ['DELETE FROM audit.security_audit_log']],
  ])('a month that %s is missed', async (_, scope, statements) => {
    const missing = { partition: FIRST, kind: 'missing', from: 1 };
    expect((await verifyDropped({ ...scope, to: '2026-01' }, statements)).findings).toEqual([
      { ...missing, to: 4, witness: SECOND },
    ]);
    expect(await verifyDropped({ ...scope, anchors, to: '2026-01' }, statements)).toMatchObject({
      ...{ findings: [{ ...missing, to: 5, witness: 'anchor' }], anchors: 1 },
    });
  });

  it.each([
    ['was longer', { length: 6 }],
    ['ended otherwise', { mac: 'ab'.repeat(32) }],
  ])('a month that %s than the event of its end says is missed', async (_, other) => {
    const [first, ...rest] = anchors;
    const changed = [{ partition: FIRST, length: 5, mac: '', ...first, ...other }, ...rest];
    expect(await verifyDropped({ anchors: changed })).toMatchObject({
      ...{ found: 1, anchors: 2, unused: [] },
      findings: [{ partition: FIRST, kind: 'missing', witness: 'anchor' }],
    });
  });

  it.each<[string, readonly string[], object]>([
    ['cut off', cut(FIRST, 2), { kind: 'deleted', from: 3, to: 5 }],
    ['dropped with its head', drop(FIRST), { kind: 'missing', from: 1, to: 5 }],
  ])(
    'a month %s is found, whatever an event says that nobody had the key for',
    async (_, statements, finding) => {
      const found = [{ partition: FIRST, witness: 'anchor', ...finding }];
      const scope = { anchors, to: '2026-01' };
      expect((await verifyAfter([...statements, FORGED], scope)).findings).toEqual(found);
      expect((await verifyAfter([...statements, FORGED], { anchors })).findings).toEqual(
        expect.arrayContaining(found),
      );
    },
  );

  it('a month that is there is held against its anchors, whatever an event says, be it made with the key', async () => {
    const found = await session.rolledBack(async () => {
      const { client } = session;
      await client.query(`${OPENED}; SET LOCAL "TimeZone" = 'UTC'`);
      for (const statement of cut(FIRST, 4)) await client.query(statement);
      await appendEntries(client, KEY, callsAt('2026-01-10T00:00:00Z', ['x']));
      const details = { records: 999, last_mac: '0'.repeat(64) };
      const event = { type: 'audit_partition_dropped', action: 'drop', success: true, resourceId: FIRST };
      const dropped = eventEntry({ ...event, severity: 'INFO', details }, Date.parse('2026-03-02T00:00:00Z'));
      await appendEntries(client, KEY, [dropped]);
      return verifyChains(client, TEST_KEYS, { anchors }, () => {});
    });
    expect(found).toMatchObject({ found: 1, anchors: 2, unused: [] });
    expect(found.findings).toEqual([
      { partition: FIRST, kind: 'rewritten', from: 5, to: 5, witness: 'anchor' },
    ]);
  });
});

it.each([
  'tool_calls_2026_13:1:',
  'orders_2026_01:1:',
  'tool_calls_2026_01:0:',
  'tool_calls_2026_01:01:',
  'tool_calls_2026_01:-1:',
  ' tool_calls_2026_01:1:',
])('%s… is no anchor', (beginning) => {
  expect(parseAnchor(beginning + 'a'.repeat(64))).toBeUndefined();
});

it('an anchor is read as it was written', () => {
  const anchor = { partition: 'security_audit_log_2026_01', length: 12, mac: '0f'.repeat(32) };
  expect(parseAnchor(anchorText(anchor))).toEqual(anchor);
  expect(parseAnchor(anchorText({ ...anchor, mac: '0f' }))).toBeUndefined();
});
