/**
 * Threat: somebody with a session on the database (the application's own, or the owner's) changes what the audit holds, or
 * reads it as a caller. Closed here: grants and triggers refuse, and the chain tells of whoever got past both.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditOn, callBy, TEST_KEYS, verified } from '../../../test/harness/audited.ts';
import { databases, type OpenedDatabase } from '../../../test/harness/databases.ts';
import { type SuperuserSession, superuserDatabases } from '../../../test/harness/superuser.ts';
import { HEAD_OFFICE, loadTwoStores, NORTH, SOUTH } from '../../../test/harness/two-stores.ts';
import type { SecurityEvent } from '../../kernel/audit.ts';
import { ValidationError } from '../../kernel/errors.ts';
import { appendEntries } from './append.ts';
import { makePartitions } from './partitions.ts';
import { callEntry, eventEntry } from './rows.ts';
import { verifyChains } from './verify.ts';

const HOUR_MS = 3_600_000;
const KEY = TEST_KEYS.current();
const FAILED: SecurityEvent = {
  type: 'authentication_failed',
  action: 'authenticate',
  success: false,
  severity: 'WARNING',
};

describe.each(databases)('the audit on $name', ({ open }) => {
  let opened: OpenedDatabase;
  beforeAll(async () => {
    opened = await open();
    await loadTwoStores(opened.database);
  });
  afterAll(() => opened.close());

  const exported = async (since = new Date(0)) => {
    const found: Record<string, unknown>[] = [];
    for await (const { log, row } of opened.database.audit.export(since)) found.push({ log, ...row });
    return found;
  };

  it('keeps what comes at once in one chain a log, makes the month it lacks, and verifies', async () => {
    const audit = auditOn(opened.database);
    await Promise.all([
      ...Array.from({ length: 30 }, (_, n) => audit.commit(callBy(NORTH.principal, { durationMs: n }))),
      audit.enqueue(
        callBy(SOUTH.principal, { args: { 'a\0': '\ud800', n: 1e21, f: -0, deep: [{ b: null }] } }),
      ),
      audit.record({ ...FAILED, origin: { ip: '::ffff:10.0.0.9' }, details: { Z: 1, a: [0.1, 1e-7] } }),
    ]);
    await audit.close();
    const rows = await exported();
    expect(rows.filter(({ log }) => log === 'tool_calls')).toHaveLength(31);
    const sequences = rows.filter(({ log }) => log === 'tool_calls').map(({ sequence }) => Number(sequence));
    expect(sequences.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 31 }, (_, n) => n + 1));
    expect(rows.at(-1)).toMatchObject({ log: 'security_audit_log', sequence: 1, ip_address: '10.0.0.9' });
    expect(await verified(opened.database)).toEqual([]);
  });

  it.each(['tool', 'resource', 'prompt', 'completion'] as const)(
    'takes what was done with a %s',
    async (kind) => {
      const audit = auditOn(opened.database);
      await audit.commit(callBy(NORTH.principal, { kind, name: `a ${kind}` }));
      await audit.close();
      const rows = await exported();
      expect(rows.filter(({ tool_name }) => tool_name === `a ${kind}`)).toMatchObject([{ kind }]);
    },
  );

  it('shares its chains between servers', async () => {
    const servers = [auditOn(opened.database), auditOn(opened.database)];
    await Promise.all(servers.flatMap((audit) => Array.from({ length: 20 }, () => audit.commit(callBy()))));
    await Promise.all(servers.map((audit) => audit.close()));
    expect(await verified(opened.database)).toEqual([]);
  });

  it('puts each month into a partition of its own', async () => {
    const audit = auditOn(opened.database);
    await Promise.all(
      ['2020-01-31T23:59:59.999Z', '2020-02-01T00:00:00.000Z'].map((at) =>
        audit.commit(callBy(HEAD_OFFICE, { at: Date.parse(at) })),
      ),
    );
    await audit.close();
    const result = await opened.database.audit.verify(
      TEST_KEYS,
      { from: '2020-01', to: '2020-02' },
      () => {},
    );
    const end = (month: string) => ({
      ...{ partition: `tool_calls_${month}`, length: 1, mac: expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
    expect(result).toEqual({
      ...{ partitions: 4, records: 2, anchors: 0, unused: [], findings: [], found: 0 },
      ends: [end('2020_01'), end('2020_02')],
    });
    expect(await opened.database.audit.ends()).toEqual(expect.arrayContaining([...result.ends]));
  });

  it('drops months that are too old, and says so in the chain', async () => {
    const dropped = await opened.database.audit.keepPartitions(KEY, 24, Date.now());
    expect(dropped).toEqual([
      ...['security_audit_log_2020_01', 'security_audit_log_2020_02'],
      ...['tool_calls_2020_01', 'tool_calls_2020_02'],
    ]);
    const page = await opened.database.audit.search({
      ...{ from: new Date(0).toISOString(), to: new Date(Date.now() + HOUR_MS).toISOString(), limit: 10 },
      eventType: 'audit_partition_dropped',
    });
    expect(page.records).toHaveLength(4);
    const told = (await exported()).filter(({ resource_id: id }) => id === 'tool_calls_2020_01');
    expect(told).toMatchObject([
      { details: { records: 1, last_mac: expect.stringMatching(/^[0-9a-f]{64}$/) } },
    ]);
    expect(await verified(opened.database)).toEqual([]);
    expect(await opened.database.audit.keepPartitions(KEY, 24, Date.now())).toEqual([]);
  });

  it('is found by what was asked for, page by page', async () => {
    const { audit } = opened.database;
    const now = Date.now();
    const bounds = { from: new Date(now - HOUR_MS).toISOString(), to: new Date(now + HOUR_MS).toISOString() };
    const writer = auditOn(opened.database);
    const narrowed = { ...SOUTH.principal, store: SOUTH.storeId };
    await writer.commit(callBy(narrowed, { name: 'find_me', decision: 'denied', status: 'error' }));
    await writer.commit(callBy(narrowed, { name: 'find_me' }));
    await writer.close();
    const find = async (more: object) =>
      (await audit.search({ ...bounds, limit: 10, ...more })).records.length;
    expect(await find({ tool: 'find_me' })).toBe(2);
    expect(await find({ tool: 'find_me', decision: 'denied' })).toBe(1);
    expect(await find({ tool: 'find_me', subject: 'south', storeId: SOUTH.storeId })).toBe(2);
    expect(await find({ tool: 'find_me', subject: SOUTH.principal.subject })).toBe(2);
    expect(await find({ tool: 'find_me', onlyStoreId: NORTH.storeId })).toBe(0);
    expect(await find({ tool: "find_me' OR true --" })).toBe(0);
    expect(await find({ requestId: 'r-2' })).toBe(0);
    expect(await find({ eventType: 'authentication_failed', decision: 'denied' })).toBe(1);

    const first = await audit.search({ ...bounds, limit: 1, tool: 'find_me' });
    const second = await audit.search({ ...bounds, limit: 1, tool: 'find_me', cursor: first.next });
    expect([...first.records, ...second.records].map(({ decision }) => decision)).toEqual([
      'allowed',
      'denied',
    ]);
    expect(second).not.toHaveProperty('next');
    await expect(audit.search({ ...bounds, limit: 1, cursor: 'x' })).rejects.toThrow(ValidationError);
  });

  it('tells of anomalies once an hour', async () => {
    const writer = auditOn(opened.database);
    const origin = { ip: '10.9.9.9' };
    await Promise.all(Array.from({ length: 6 }, () => writer.record({ ...FAILED, name: 'mallory', origin })));
    const from = (ip: string) => ({ ...callBy().context, principal: SOUTH.principal, origin: { ip } });
    await Promise.all(
      [1, 2, 3, 4].map((n) => writer.commit(callBy(SOUTH.principal, { context: from(`10.0.0.${n}`) }))),
    );
    await writer.close();
    const now = Date.now();
    expect(await opened.database.audit.watch(KEY, now)).toBe(3);
    expect(await opened.database.audit.watch(KEY, now)).toBe(0);
    const anomalies = (await exported()).filter(({ event_type: type }) => type === 'anomaly');
    expect(
      anomalies.map(({ resource_type: rule, resource_id: who, severity }) => [rule, who, severity]),
    ).toEqual(
      expect.arrayContaining([
        ['failed_authentications_of_subject', 'mallory', 'WARNING'],
        ['failed_authentications_from_address', '10.9.9.9', 'WARNING'],
        ['addresses_of_subject', SOUTH.principal.subject, 'WARNING'],
      ]),
    );
  });
});

describe.each(superuserDatabases)('whoever has a session on $name', ({ connect }) => {
  let session: SuperuserSession;
  const month = new Date().toISOString().slice(0, 7);
  const partition = `tool_calls_${month.replace('-', '_')}`;
  beforeAll(async () => {
    session = await connect();
    await session.client.query(`BEGIN; SET LOCAL ROLE aisle_owner; SET LOCAL "TimeZone" = 'UTC'`);
    await makePartitions(session.client, month);
    await session.client.query('COMMIT; BEGIN');
    await appendEntries(session.client, KEY, [
      ...['a', 'b', 'c', 'd'].map((name) => callEntry(callBy(NORTH.principal, { name }))),
      ...[1, 2, 3].map(() => eventEntry({ ...FAILED, name: 'eve', origin: { ip: '10.1.1.1' } }, Date.now())),
    ]);
    await session.client.query('COMMIT');
  });
  afterAll(() => session.close());

  const refusal = (statement: string, role: string) =>
    session.rolledBack(async () => {
      await session.client.query(`SET LOCAL ROLE ${role}`);
      return session.client.query(statement).then(
        () => 'done',
        (error: Error & { code: string }) => error.code,
      );
    });

  it.each([
    ['aisle_auditor', `UPDATE audit.tool_calls SET tool_name = 'x'`],
    ['aisle_auditor', 'DELETE FROM audit.tool_calls'],
    ['aisle_auditor', 'TRUNCATE audit.security_audit_log'],
    ['aisle_auditor', 'SELECT * FROM audit.tool_calls'],
    ['aisle_auditor', 'DELETE FROM audit.chain_heads'],
    ['aisle_auditor', `UPDATE audit.chain_heads SET partition = 'x'`],
    ...['aisle_auditor', 'aisle_owner'].flatMap((role) => [
      [role, 'UPDATE audit.chain_heads SET length = length - 1 WHERE length > 0'],
      [role, `UPDATE audit.chain_heads SET mac = sha256('x')`],
      [
        role,
        `UPDATE audit.chain_heads SET after_partition = 'x', after_length = 1, after_mac = mac WHERE length > 0`,
      ],
    ]),
    ['aisle_owner', `UPDATE audit.chain_heads SET month = month + 31`],
    ['aisle_audit_reader', `UPDATE audit.tool_calls SET tool_name = 'x'`],
    ['aisle_audit_reader', `UPDATE audit.chain_heads SET length = 0`],
    ['aisle_owner', `UPDATE audit.tool_calls SET tool_name = 'x'`],
    ['aisle_owner', `DELETE FROM audit.${partition}`],
    ['aisle_owner', `TRUNCATE audit.${partition}`],
    ['aisle_owner', 'TRUNCATE audit.tool_calls'],
    ['aisle_owner', 'TRUNCATE audit.chain_heads'],
    ...['tool_calls', 'security_audit_log', 'chain_heads', 'security_failed_auth'].flatMap((table) =>
      ['aisle_reader', 'aisle_writer', 'aisle_loader'].map((role) => [role, `SELECT * FROM audit.${table}`]),
    ),
  ])('as %s may not %s', async (role, statement) => {
    expect(await refusal(statement ?? '', role ?? '')).toBe('42501');
  });

  it('as the reader of the audit sees the views', () =>
    session.rolledBack(async () => {
      await session.client.query('SET LOCAL ROLE aisle_audit_reader');
      const { rows } = await session.client.query(
        'SELECT user_name, failures::int FROM audit.security_failed_auth',
      );
      expect(rows).toEqual([{ user_name: 'eve', failures: 3 }]);
      const summary = await session.client.query(
        'SELECT tool_name, calls::int FROM audit.security_data_access_summary ORDER BY 1',
      );
      expect(summary.rows).toHaveLength(4);
      expect((await session.client.query('SELECT * FROM audit.security_suspicious_access')).rows).toEqual([]);
    }));

  const T = `audit.${partition}`;
  const place = (kind: string, from: number, to = from) => ({ partition, kind, from, to });
  it.each<[string, readonly string[], readonly object[]]>([
    ['nothing', [], []],
    ['a column', [`UPDATE ${T} SET subject_name = 'other' WHERE sequence = 2`], [place('changed', 2)]],
    ['a column that was NULL', [`UPDATE ${T} SET client = 'x' WHERE sequence = 2`], [place('changed', 2)]],
    [
      'a microsecond',
      [`UPDATE ${T} SET created_at = created_at + interval '1 microsecond' WHERE sequence = 4`],
      [place('changed', 4)],
    ],
    [
      'a value in JSON',
      [`UPDATE ${T} SET arguments = '{"days": 31}' WHERE sequence = 1`],
      [place('changed', 1)],
    ],
    ['a record gone', [`DELETE FROM ${T} WHERE sequence = 2`], [place('deleted', 2)]],
    ['the last records gone', [`DELETE FROM ${T} WHERE sequence > 2`], [place('deleted', 3, 4)]],
    [
      'the last records gone, the head set back, but not its mac',
      [`DELETE FROM ${T} WHERE sequence > 2`, 'UPDATE audit.chain_heads SET length = 2'],
      [place('head', 2)],
    ],
    [
      'two records changing places',
      [
        `UPDATE ${T} SET sequence = 9 - sequence WHERE sequence IN (2, 3)`,
        `UPDATE ${T} SET sequence = sequence - 4 WHERE sequence > 4`,
      ],
      [place('changed', 2), place('changed', 3), place('changed', 4)],
    ],
    [
      'a record of before once more',
      [
        `CREATE TEMP TABLE again AS SELECT * FROM ${T} WHERE sequence = 4`,
        `UPDATE again SET sequence = 5, id = gen_random_uuid()`,
        `INSERT INTO ${T} SELECT * FROM again`,
      ],
      [place('changed', 5), place('inserted', 5)],
    ],
    ['the partition gone', [`DROP TABLE ${T}`], [place('missing', 1, 4)]],
    [
      'the head gone',
      [`DELETE FROM audit.chain_heads WHERE partition = '${partition}'`],
      [place('head', 1, 0)],
    ],
  ])('and gets past the triggers to change %s is found out', (_, statements, findings) =>
    session.rolledBack(async () => {
      await session.client.query(`ALTER TABLE ${T} DISABLE TRIGGER USER;
        ALTER TABLE audit.chain_heads DISABLE TRIGGER USER; SET LOCAL "TimeZone" = 'UTC'`);
      for (const statement of statements) await session.client.query(statement);
      const result = await verifyChains(session.client, TEST_KEYS, {}, () => {});
      expect(result.findings.filter((finding) => finding.partition === partition)).toEqual(findings);
    }),
  );
});
