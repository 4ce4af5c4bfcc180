/**
 * `doctor --attack` on databases as Aisle makes them, where nothing may leak through either wall, and on one built the
 * obvious way, where each hole must be found: a suite that finds nothing anywhere would prove nothing.
 */
import { execFile } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AttackReport, attackDatabase, type WallName } from '../src/app/attack.ts';
import { openDatabaseAsIs } from '../src/app/engine.ts';
import type { Config } from '../src/config.ts';
import { silentLogger } from '../src/telemetry/logger.ts';
import { type Attackable, attackables, naives } from './harness/attackable.ts';

/** Half a minute when the machine has nothing else to do. */
const A_RUN_MS = 400_000;
const never = new AbortController().signal;

/** Names of what leaked through a wall, by group. */
function leaks({ lines }: AttackReport, wall: WallName): Readonly<Record<string, readonly string[]>> {
  const leaked = lines.filter(({ findings }) => findings[wall].verdict === 'LEAKED');
  const groups = Map.groupBy(leaked, ({ group }) => group);
  return Object.fromEntries([...groups].map(([group, of]) => [group, of.map(({ name }) => name)]));
}

/** Every row of every table, every object and every role of Aisle's: what must be after a run as it was before. */
function stateOf(target: Attackable): Promise<Readonly<Record<string, string>>> {
  return target.asSuperuser(async (client) => {
    const objects = await client.query<{ name: string; state: string }>(
      `SELECT 'objects' AS name, md5(string_agg(concat_ws('|', c.oid, c.relname, c.relacl, c.relrowsecurity), ',' ORDER BY c.oid)) AS state
         FROM pg_class c WHERE c.relnamespace::regnamespace::text IN ('retail', 'access', 'audit', 'aisle', 'public')
       UNION ALL SELECT 'large objects', count(*)::text FROM pg_largeobject_metadata
       UNION ALL SELECT 'roles', md5(string_agg(r::text, ',' ORDER BY r.rolname)) FROM pg_roles r
         WHERE rolname = 'aisle_reader_' || current_database() OR rolname = 'aisle_canary'`,
    );
    const tables = await client.query<{ name: string }>(
      `SELECT c.oid::regclass::text AS name FROM pg_class c
       WHERE c.relkind = 'r' AND c.relnamespace::regnamespace::text IN ('retail', 'access', 'audit', 'aisle')`,
    );
    const state = Object.fromEntries(objects.rows.map((row) => [row.name, row.state]));
    for (const { name } of tables.rows) {
      const { rows } = await client.query<{ digest: string }>(
        `SELECT count(*) || ' ' || md5(coalesce(string_agg(t::text, ',' ORDER BY t::text), '')) AS digest FROM ${name} t`,
      );
      state[name] = rows[0]?.digest ?? '';
    }
    return state;
  });
}

const canariesIn = (target: Attackable) =>
  target.asSuperuser(async (client) => {
    const { rows } = await client.query<{ slug: string }>(
      `SELECT slug FROM retail.stores WHERE slug LIKE 'aisle-canary-%' UNION ALL SELECT slug FROM access.subjects WHERE slug LIKE 'aisle-canary-%'`,
    );
    return rows.length;
  });

/** Begins a run in a process of its own, which is killed at the first attack. */
function killedRun(config: Config): Promise<string> {
  const script = `
    const { attackDatabase } = await import(${JSON.stringify(new URL('../src/app/attack.ts', import.meta.url).href)});
    await attackDatabase(${JSON.stringify(config)}, () => process.kill(process.pid, 'SIGKILL'), new AbortController().signal);`;
  return new Promise((ended) => {
    const args = ['--input-type=module', '--eval', script];
    execFile(process.execPath, args, (error) => ended(String(error?.signal ?? error?.code ?? 'finished')));
  });
}

describe.each(attackables)('doctor --attack on $name', { timeout: A_RUN_MS }, ({ name, create }) => {
  let target: Attackable;
  let before: Readonly<Record<string, string>>;
  let report: AttackReport;

  beforeAll(async () => {
    target = await create();
    before = await stateOf(target);
    report = await attackDatabase(target.config, () => {}, never);
  }, A_RUN_MS);
  afterAll(() => target.drop());

  it('finds nothing that leaks, with the guard on and with it off', () => {
    expect(leaks(report, 'guard on')).toEqual({});
    expect(leaks(report, 'guard off')).toEqual({});
    expect(report.leaked).toBe(0);
    expect(report.lines.length).toBeGreaterThan(250);
  });

  it('is stopped by the guard wherever an attack is more than a plain SELECT', () => {
    const passed = report.lines.filter(({ findings }) => findings['guard on'].verdict !== 'stopped by guard');
    const forging = passed.filter(({ group }) =>
      ['forging the context', 'escaping role and transaction', 'dangerous functions'].includes(group),
    );
    expect(forging.map((line) => line.name)).toEqual([]);
  });

  it('leaves every row, object and role as it was', async () => {
    expect(await stateOf(target)).toEqual(before);
  });

  it('tells the known limits of a managed service, and of no other', () => {
    const limits = report.lines.filter(
      ({ group, findings }) =>
        group === 'dangerous functions' && findings['guard off'].detail.startsWith('known limit'),
    );
    const allowed = limits.map((line) => line.name);
    const onlyManaged = ['lo_create', 'pg_terminate_backend', 'query_to_xml over the other store'];
    expect(onlyManaged.filter((attack) => allowed.includes(attack))).toEqual(
      name === 'managed postgres' ? ['lo_create', 'pg_terminate_backend'] : [],
    );
  });

  it('removes its canaries when it is cancelled', async () => {
    const stop = new AbortController();
    const run = attackDatabase(target.config, () => stop.abort(), stop.signal);
    await expect(run).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(await stateOf(target)).toEqual(before);
  });

  it('removes its canaries when it fails', async () => {
    const failure = new RangeError('a progress bar that breaks');
    const run = attackDatabase(
      target.config,
      () => {
        throw failure;
      },
      never,
    );
    await expect(run).rejects.toBe(failure);
    expect(await stateOf(target)).toEqual(before);
  });

  it('finds and removes the canaries of a run that was killed', async () => {
    expect(await killedRun(target.config)).toBe('SIGKILL');
    expect(await canariesIn(target)).toBe(4);
    const stop = new AbortController();
    const run = attackDatabase(target.config, () => stop.abort(), stop.signal);
    await expect(run).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(await stateOf(target)).toEqual(before);
  });

  it('refuses to add rows where a trigger that Aisle does not know would fire', async () => {
    await target.asSuperuser((client) =>
      client.query(`CREATE FUNCTION public.outbox() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
        CREATE TRIGGER to_outbox AFTER INSERT ON retail.orders FOR EACH ROW EXECUTE FUNCTION public.outbox()`),
    );
    const run = attackDatabase(target.config, () => {}, never);
    await expect(run).rejects.toMatchObject({
      code: 'CONFIGURATION_ERROR',
      message: expect.stringContaining('to_outbox on retail.orders'),
    });
    await target.asSuperuser((client) => client.query('DROP FUNCTION public.outbox() CASCADE'));
    expect(await stateOf(target)).toEqual(before);
  });

  it('is refused while another has the database open', async () => {
    const first = await openDatabaseAsIs(target.config, silentLogger);
    try {
      await expect(openDatabaseAsIs(target.config, silentLogger)).rejects.toMatchObject({
        code: name === 'embedded' ? 'CONFIGURATION_ERROR' : 'UNAVAILABLE',
        message: expect.stringMatching(/is in use by process|attacked by another doctor/),
      });
    } finally {
      await first.database.close();
    }
  });

  it('refuses a database that was never made ready, and makes nothing in it', async () => {
    await target.asSuperuser((client) => client.query('DELETE FROM access.context_keys'));
    await expect(attackDatabase(target.config, () => {}, never)).rejects.toMatchObject({
      code: 'CONFIGURATION_ERROR',
      message: expect.stringContaining('aisle migrate'),
    });
  });
});

/** What the naive schema leaks with the guard off, on both databases. */
const NAIVE_LEAKS: Readonly<Record<string, readonly string[]>> = {
  'forging the context': [
    'a self-made token, by set_config in a MATERIALIZED CTE',
    'a self-made token for the all-zero id',
    'a genuine token, expired',
    'a genuine token of another session',
    'a genuine token cut short by one digit',
    'a genuine token without its signature',
    'a genuine token with one digit changed',
    'a token signed with a key of the forger',
    "the caller's own token with the other subject put into it",
    "the other store's token, confined to the caller's store",
    "the other store's token, its confinement taken out",
    'a token without rights reads personal data',
    'the setting app.current_rls_user_id',
    'the all-zero id in app.current_rls_user_id',
    'set_config in a recursive CTE, read by its recursive term',
    'set_config in the first branch of a UNION ALL',
    'set_config in VALUES, read by LATERAL',
    'set_config under its schema-qualified, quoted and escaped name',
    "the verifier called with the other store's subject in the naive setting",
  ],
  'escaping role and transaction': ['set_config of the role to aisle_loader, then SQL as text'],
  'reading what is not listed': [
    'the keys that sign contexts',
    'the subjects',
    'the grants',
    'a schema-qualified name that looks like a CTE',
    'a name escaped by U&',
    'a name with another escape character',
  ],
  'dangerous functions': [
    'query_to_xml',
    'query_to_xml and its schema',
    'table_to_xml',
    'schema_to_xml',
    'database_to_xml',
  ],
  'what this database offers': [
    'table access.context_keys',
    'table access.grants',
    'table access.subjects',
    'view retail.customer_directory',
    'table retail.loyalty',
    'view retail.order_overview',
    'table retail.orders_archive',
    'materialized view retail.revenue_by_store',
    'table retail.store_directory',
    'sequence retail.order_numbers',
    'definer function retail.search_customers(text), guess 1',
    'definer function retail.search_customers(text), guess 2',
    'definer function retail.search_customers(text), guess 3',
  ],
  'changing something': ['LOCK TABLE'],
};

/** On one of them only: the embedded session is a superuser's; a server's login may become the loader and run DO. */
const NAIVE_LEAKS_OF: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  embedded: {
    'escaping role and transaction': [
      'set_config of the role to postgres, then SQL as text',
      'set_config of the role to none, then SQL as text',
      'set_config of the session authorization, then SQL as text',
    ],
  },
  postgres: {
    'escaping role and transaction': [
      'SET ROLE aisle_loader, and a read after it',
      'DO that commits, then reads under a forged context',
      "DO that commits, then changes the caller's own rows (rolled back)",
      'DO that commits, then makes a temporary table (rolled back)',
      'DO that commits, then makes a table in public (rolled back)',
    ],
    'side channels': [
      'a taken key, by INSERT in a DO block (rolled back)',
      'a row that is referred to, by INSERT in a DO block (rolled back)',
    ],
  },
};

describe.each(naives)(
  'doctor --attack on the naive schema on $name',
  { timeout: A_RUN_MS },
  ({ name, create }) => {
    let target: Attackable;
    let report: AttackReport;

    beforeAll(async () => {
      target = await create();
      report = await attackDatabase(target.config, () => {}, never);
    }, A_RUN_MS);
    afterAll(() => target.drop());

    it('reports each leak with the guard off, and nothing else', () => {
      const found = leaks(report, 'guard off');
      const groups = new Set([...Object.keys(NAIVE_LEAKS), ...Object.keys(NAIVE_LEAKS_OF[name] ?? {})]);
      const expected = [...groups].map((group) => [
        group,
        [...(NAIVE_LEAKS[group] ?? []), ...(NAIVE_LEAKS_OF[name]?.[group] ?? [])].sort(),
      ]);
      const sorted = Object.entries(found).map(([group, names]) => [group, [...names].sort()]);
      expect(Object.fromEntries(sorted)).toEqual(Object.fromEntries(expected));
    });

    it('and says how to mend each', () => {
      const leaked = report.lines.filter(({ findings }) => findings['guard off'].verdict === 'LEAKED');
      expect(leaked.filter(({ mend }) => mend === null || mend === '')).toEqual([]);
      const view = leaked.find((line) => line.name === 'view retail.customer_directory');
      expect(view?.mend).toBe(
        'ALTER VIEW retail.customer_directory SET (security_invoker = true, security_barrier = true), or REVOKE ALL ON retail.customer_directory FROM the reader and PUBLIC.',
      );
    });

    it('holds by the guard alone', () => {
      expect(leaks(report, 'guard on')).toEqual({});
    });

    it('removes its canaries', async () => {
      expect(await canariesIn(target)).toBe(0);
    });
  },
);
