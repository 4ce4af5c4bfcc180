import { z } from 'zod';
import { CONNECTION_LIMITS, mostConnections, shortageOf } from '../../data/connection-budget.ts';
import { type Check, factsCheck, fail, listed, ok, rowsCheck, skipped, sqlName, warn } from '../check.ts';

const group = 'limits';

/** A setting as a new session of the query login has it: of the login in this database, the login, the database, all, the server. */
const IN_FORCE = `SELECT s.name, COALESCE((
    SELECT substr(entry, strpos(entry, '=') + 1) FROM pg_db_role_setting d, unnest(d.setconfig) entry
    WHERE lower(split_part(entry, '=', 1)) = lower(s.name)
      AND d.setrole IN (0, to_regrole(quote_ident($1)))
      AND d.setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
    ORDER BY d.setrole <> 0 DESC, d.setdatabase <> 0 DESC LIMIT 1), s.reset_val) AS value
  FROM pg_settings s WHERE s.name = ANY ($2)`;

const SETTING = z.object({ name: z.string(), value: z.string().nullable() });

/** Checks of settings as the query login has them. */
export function loginSettings(
  check: { readonly group: string; readonly name: string; readonly settings: readonly string[] },
  judge: (value: (name: string) => string, reader: string) => ReturnType<typeof ok>,
) {
  return rowsCheck({
    group: check.group,
    name: check.name,
    needs: 'login',
    query: IN_FORCE,
    values: ({ facts }) => [facts.reader, check.settings],
    row: SETTING,
    judge: (rows, { facts }) =>
      judge((name) => rows.find((row) => row.name === name)?.value ?? '', facts.reader),
  });
}

/** `0`, `0ms`, `0 s`: PostgreSQL's way to say "no limit" for a time. */
const isNoTime = (value: string) => value === '' || /^0+\s*[a-z]*$/i.test(value);

export const timeouts = loginSettings(
  { group, name: 'session timeouts', settings: ['lock_timeout', 'idle_in_transaction_session_timeout'] },
  (value, reader) => {
    const off = ['lock_timeout', 'idle_in_transaction_session_timeout'].filter((name) =>
      isNoTime(value(name)),
    );
    if (off.length === 0) {
      return ok(
        `lock ${value('lock_timeout')}, idle in a transaction ${value('idle_in_transaction_session_timeout')}`,
      );
    }
    return warn(
      `without limit: ${listed(off)}; a query that waits or a client that hangs holds its locks`,
      `Run "aisle migrate", or: ${off.map((name) => `ALTER ROLE ${sqlName(reader)} SET ${name} = '60s';`).join(' ')}`,
    );
  },
);

export const readOnly = loginSettings(
  { group, name: 'read only', settings: ['default_transaction_read_only'] },
  (value, reader) =>
    value('default_transaction_read_only') === 'on'
      ? ok('on for the login, and said again with each query')
      : warn(
          'off for the login; each query says it again, so nothing is open',
          `Run "aisle migrate", or: ALTER ROLE ${sqlName(reader)} SET default_transaction_read_only = on;`,
        ),
);

export const jit = loginSettings({ group, name: 'jit', settings: ['jit'] }, (value, reader) =>
  value('jit') === 'off'
    ? ok('off')
    : warn(
        'on: compiling costs the short queries of a model more than it saves, and takes memory that work_mem does not count',
        `Run "aisle migrate", or: ALTER ROLE ${sqlName(reader)} SET jit = off;`,
      ),
);

export const temporaryFiles = loginSettings(
  { group, name: 'temporary files', settings: ['temp_file_limit'] },
  (value, reader) =>
    value('temp_file_limit') === '-1'
      ? warn(
          'without limit: one query may fill the disk',
          `As a superuser: ALTER ROLE ${sqlName(reader)} SET temp_file_limit = '1GB'; a managed service has a server parameter of that name.`,
        )
      : ok(`at most ${value('temp_file_limit')} a session`),
);

/** Above this a full pool of sorting queries is likelier to end the server than to end. */
const MEMORY_LIMIT_MB = 4096;
const MEGABYTES: Readonly<Record<string, number>> = { kB: 1 / 1024, MB: 1, GB: 1024 };

export const workMemory = factsCheck({
  group,
  name: 'work memory',
  judge({ settings: { DB_WORK_MEM, DB_POOL_MAX } }) {
    const [, amount = '0', unit = 'kB'] = /^(\d+)(\w+)$/.exec(DB_WORK_MEM) ?? [];
    const total = Math.ceil(Number(amount) * (MEGABYTES[unit] ?? 0) * DB_POOL_MAX);
    const found = `${DB_WORK_MEM} for each sort or hash; ${total} MB when ${DB_POOL_MAX} queries do one each`;
    return total > MEMORY_LIMIT_MB
      ? warn(found, `Set DB_WORK_MEM or DB_POOL_MAX lower, so that it stays below ${MEMORY_LIMIT_MB} MB.`)
      : ok(found);
  },
});

export const connections = rowsCheck({
  group,
  name: 'connections',
  needs: 'server',
  query: CONNECTION_LIMITS,
  values: ({ facts, settings }) => [facts.reader, settings.DB_APPLICATION_NAME],
  row: z.object({ most: z.int(), ofDatabase: z.int(), ofLogin: z.int(), ours: z.int(), others: z.int() }),
  judge([limits], { settings: { DB_POOL_MAX: poolMax, DB_SERVERS: servers }, facts }) {
    const each = mostConnections(poolMax);
    if (facts.isPooled)
      return skipped(
        `a pooler is in between: ${servers} × ${each} connections are its clients, each of which needs a session of its own (pool_mode=session)`,
      );
    if (limits === undefined) return skipped('PostgreSQL does not tell its limits');
    const { reader, database } = facts;
    const shortage = shortageOf(limits, { poolMax, servers, reader, database });
    if (shortage !== undefined) return (shortage.isCertain ? fail : warn)(shortage.found, shortage.mend);
    const left = limits.most - limits.others;
    return ok(
      `a server of Aisle opens up to ${each}; ${left} of ${limits.most} are not held by others: room for ${Math.floor(left / each)}`,
    );
  },
});

export const LIMITS: readonly Check[] = [timeouts, readOnly, jit, temporaryFiles, workMemory, connections];
