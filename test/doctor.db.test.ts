/** `aisle doctor` as an operator runs it, on databases in order, not in order and not there: it only looks, and tells no secret. */
import { existsSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { openInspection } from '../src/data/inspection.ts';
import { migrate } from '../src/data/migrate.ts';
import { CHECKS } from '../src/doctor/examine.ts';
import { type Finding, REPORT, type Report } from '../src/doctor/finding.ts';
import { createManagedDatabase, createPostgresDatabase } from './harness/postgres-database.ts';
import { startCli, startServer } from './harness/server-process.ts';

interface Ran {
  readonly code: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> {
  const cli = startCli(args, env);
  return { code: await cli.ended, stdout: cli.stdout(), stderr: cli.stderr() };
}

/** Exit code and report, which is complete and as its schema says. */
async function doctor(env: Readonly<Record<string, string>>, args: readonly string[] = []) {
  const { code, stdout, stderr } = await run(['doctor', '--json', ...args], env);
  expect(stderr).toBe('');
  const report: Report = REPORT.strict().parse(JSON.parse(stdout));
  expect(report.findings.map(({ group, check }) => `${group}: ${check}`)).toEqual([
    'connection: reachable',
    ...CHECKS.map(({ group, name }) => `${group}: ${name}`),
  ]);
  return { code, report, failed: such(report.findings, 'fail'), warned: such(report.findings, 'warn') };
}

const such = (findings: readonly Finding[], wanted: Finding['status']) =>
  findings.filter(({ status }) => status === wanted).map(({ check }) => check);
const of = (report: Report, name: string) => report.findings.find(({ check }) => check === name);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aisle-test-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('on the embedded database', () => {
  it('fails where there is none, and makes none', async () => {
    const directory = join(folder, 'nowhere');
    const { code, report, failed } = await doctor({}, ['--data-dir', directory]);
    expect([code, failed]).toEqual([1, ['reachable']]);
    expect(of(report, 'reachable')?.found).toContain(
      `There is no database in the data directory ${directory} yet.`,
    );
    expect(of(report, 'forced row security')).toMatchObject({
      status: 'skipped',
      found: 'the database was not reached',
    });
    expect(existsSync(directory)).toBe(false);
  });

  it('leaves one alone whose making was cut off', async () => {
    const directory = join(folder, 'unfinished');
    await cp(inject('embeddedTemplate'), directory, { recursive: true });
    await writeFile(join(directory, 'pg.unfinished'), '');
    expect((await doctor({}, ['--data-dir', directory])).failed).toEqual(['reachable']);
    expect(existsSync(join(directory, 'pg'))).toBe(true);
  });

  describe('that is in order', () => {
    let place: string[];
    beforeAll(async () => {
      const directory = join(folder, 'served');
      await cp(inject('embeddedTemplate'), directory, { recursive: true });
      place = ['--data-dir', directory];
    });

    it('says which server has it open', async () => {
      const server = await startServer(place);
      const { code, report, failed } = await doctor({}, place);
      expect([code, failed]).toEqual([1, ['reachable']]);
      expect(of(report, 'reachable')?.found).toMatch(/is in use by process \d+\. Stop that server/);
      expect(await server.stop()).toBe(0);
    }, 60_000);

    it('passes', async () => {
      const { code, failed, warned } = await doctor({}, place);
      expect([code, failed, warned]).toEqual([0, [], []]);
    });
  });
});

const servers = inject('postgresUrl') === '' ? [] : [inject('postgresUrl')];

describe.each(servers)('on a PostgreSQL server', (serverUrl) => {
  /** Aisle's roles are the cluster's: made here, so that no test depends on another file having been first. */
  beforeAll(async () => {
    const { url, drop } = await createPostgresDatabase(serverUrl);
    const client = new Client({ connectionString: url });
    await client.connect();
    await migrate(client);
    await client.end();
    await drop();
  });

  /** Everything that doctor could have changed, roughly: objects, roles and rows of the migrations. */
  const fingerprint = async (url: string): Promise<unknown> => {
    const client = new Client({ connectionString: url });
    await client.connect();
    const { rows } = await client.query(`SELECT (SELECT count(*) FROM pg_class) AS relations,
      (SELECT count(*) FROM pg_proc) AS functions, (SELECT count(*) FROM pg_namespace) AS schemas,
      (SELECT count(*) FROM pg_extension) AS extensions, (SELECT count(*) FROM pg_policy) AS policies,
      pg_current_xact_id_if_assigned() AS writes, (SELECT max(xmin::text) FROM pg_class WHERE oid >= 16384) AS newest,
      EXISTS (SELECT FROM pg_roles WHERE rolname = 'aisle_reader_' || current_database()) AS "hasLogin"`);
    await client.end();
    return rows[0];
  };

  it('tells what an empty database lacks, and does not migrate it', async () => {
    const { url, drop } = await createPostgresDatabase(serverUrl);
    const before = await fingerprint(url);
    const { code, report, failed } = await doctor({ DATABASE_URL: url });
    expect(code).toBe(1);
    expect(failed).toEqual(['migrations', 'query login', 'rights on the database', 'pgvector']);
    expect(of(report, 'forced row security')).toMatchObject({
      status: 'skipped',
      found: 'no table has a store_id',
    });
    expect(await fingerprint(url)).toEqual(before);
    await drop();
  });

  it('tells which walls a naive database lacks', async () => {
    const { url, drop } = await createPostgresDatabase(serverUrl);
    const client = new Client({ connectionString: url });
    await client.connect();
    await client.query(`CREATE SCHEMA retail; CREATE TABLE retail.sales (id integer PRIMARY KEY, store_id uuid);
      ALTER TABLE retail.sales ENABLE ROW LEVEL SECURITY;
      CREATE POLICY naive ON retail.sales USING (store_id = current_setting('app.current_rls_user_id', true)::uuid)`);
    await client.end();
    const { code, report, failed } = await doctor({ DATABASE_URL: url });
    expect(code).toBe(1);
    expect(failed).toEqual([
      'migrations',
      'query login',
      'verifier',
      'masking views',
      'forced row security',
      'no policy for everybody',
      'primary keys led by store_id',
      'rights on the database',
      'pgvector',
    ]);
    expect(of(report, 'forced row security')?.found).toBe(
      'Tenant tables without forced row security: retail.sales',
    );
    await drop();
  });

  it('passes on a database in order, of a superuser and of a managed service', async () => {
    const own = await createPostgresDatabase(serverUrl);
    await run(['migrate'], { DATABASE_URL: own.url });
    const first = await doctor({ DATABASE_URL: own.url });
    expect([first.code, first.failed, first.warned]).toEqual([0, [], ['database user']]);
    await own.drop();

    const managed = await createManagedDatabase(serverUrl);
    await run(['migrate'], { DATABASE_URL: managed.url });
    const second = await doctor({ DATABASE_URL: managed.url });
    expect([second.code, second.failed, second.warned]).toEqual([0, [], ['temporary files']]);
    await managed.drop();
  });

  it('looks in a transaction that can not write', async () => {
    const { url, drop } = await createPostgresDatabase(serverUrl);
    const inspection = await openInspection({ url });
    await expect(inspection.rows('CREATE TABLE public.mine (one integer)')).rejects.toMatchObject({
      code: 'DATABASE_ERROR',
      message: 'cannot execute CREATE TABLE in a read-only transaction',
    });
    expect(await inspection.rows('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await inspection.close();
    await drop();
  });

  it.each([
    [
      'a wrong password',
      (url: URL) => Object.assign(url, { password: 'hunter2-hunter2-hunter2' }),
      'does not accept the password',
    ],
    [
      'no such database',
      (url: URL) => Object.assign(url, { pathname: '/aisle_no_such' }),
      'The database that DATABASE_URL names does not exist.',
    ],
    [
      'TLS that the server does not speak',
      (url: URL) => Object.assign(url, { search: '?sslmode=verify-full' }),
      'The server does not support SSL connections',
    ],
  ])('%s is a finding', async (_what, change, words) => {
    const { code, report, failed } = await doctor({ DATABASE_URL: change(new URL(serverUrl)).href });
    expect([code, failed]).toEqual([1, ['reachable']]);
    expect(of(report, 'reachable')?.found).toContain(words);
  });
});

describe('the command line', () => {
  const UNREACHABLE = 'postgres://owner:hunter2-SECRET@127.0.0.1:1/shop';

  it('says that a server is not there, in a table, without a stack trace', async () => {
    const { code, stdout, stderr } = await run(['doctor'], { DATABASE_URL: UNREACHABLE });
    expect([code, stderr]).toEqual([1, '']);
    expect(stdout).toContain('Aisle 0.1.0 looked at 127.0.0.1:1/shop\n\nconnection\n  FAIL  reachable');
    expect(stdout.replace(/\s+/g, ' ')).toContain('(connect ECONNREFUSED 127.0.0.1:1)');
    expect(stdout).not.toMatch(/\n +at /);
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  it.each([
    ['the environment', [], UNREACHABLE],
    ['an option', ['--database-url', UNREACHABLE], ''],
    ['an address that is none', [], 'postgres://owner:hunter2-SECRET@no-such-host.invalid/shop'],
    ['a parameter', [], 'postgres://owner@127.0.0.1:1/shop?password=hunter2-SECRET'],
    ['an address cut short', [], 'postgres://owner:hunter2-SECRET@127.0.0.1:99999/shop'],
  ])('tells no password given by %s', async (_what, args, url) => {
    for (const format of [[], ['--json']]) {
      const { code, stdout, stderr } = await run(['doctor', ...format, ...args], { DATABASE_URL: url });
      expect(code).toBe(1);
      expect(stdout + stderr).not.toContain('SECRET');
    }
  });

  it('has a word in docs/doctor.md for each check', async () => {
    const text = await readFile(new URL('../docs/doctor.md', import.meta.url), 'utf8');
    const missing = CHECKS.filter(({ name }) => !text.includes(`| ${name} `)).map(({ name }) => name);
    expect(missing).toEqual([]);
  });
});
