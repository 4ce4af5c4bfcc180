import { type Client, type ClientBase, escapeIdentifier } from 'pg';
import { loginName } from './postgres-logins.ts';

/** Of one server: those that append to the audit logs. One appends, and one more while one that was lost has not been noticed yet. */
export const AUDITORS = 2;
/** Of one server: the one that hears of changes. */
const LISTENERS = 1;

/** Connections for administration, beside `poolMax` for queries. */
export function adminPoolSize(poolMax: number): number {
  return Math.max(2, Math.ceil(poolMax / 4));
}

/** All that one server may have open at once. */
export function mostConnections(poolMax: number): number {
  return poolMax + adminPoolSize(poolMax) + AUDITORS + LISTENERS;
}

/**
 * What may be opened, and what others than Aisle on this database hold of it; -1 is no limit. `$1` is the query login, `$2` the
 * name that Aisle's sessions go by. PostgreSQL shows both to anybody, though not what other users' sessions do.
 */
export const CONNECTION_LIMITS = `SELECT current_setting('max_connections')::integer
    - current_setting('superuser_reserved_connections')::integer
    - COALESCE(current_setting('reserved_connections', true), '0')::integer AS most,
  (SELECT datconnlimit FROM pg_database WHERE datname = current_database()) AS "ofDatabase",
  COALESCE((SELECT rolconnlimit FROM pg_roles WHERE rolname = $1), -1) AS "ofLogin",
  count(*) FILTER (WHERE isours)::integer AS ours, count(*) FILTER (WHERE NOT isours)::integer AS others
FROM (SELECT datname = current_database() AND application_name = $2 AS isours FROM pg_stat_activity
  WHERE datid IS NOT NULL AND usesysid IS NOT NULL AND pid <> pg_backend_pid()
    AND COALESCE(backend_type, 'client backend') = 'client backend') AS sessions`;

export interface ConnectionLimits {
  /** Of the whole PostgreSQL server, for those who are no superusers. */
  readonly most: number;
  readonly ofDatabase: number;
  readonly ofLogin: number;
  /** Open now, of all servers of Aisle on this database. */
  readonly ours: number;
  /** Open now, of anybody else on the PostgreSQL server. */
  readonly others: number;
}

export interface ConnectionDemand {
  readonly poolMax: number;
  /** Servers of Aisle that there may be at once. */
  readonly servers: number;
  readonly reader: string;
  readonly database: string;
}

/** Why connections will run out when all servers are busy. `isCertain` where nobody else needs to hold any for that. */
export interface Shortage {
  readonly isCertain: boolean;
  readonly found: string;
  readonly mend: string;
}

/** The first reason that there is; undefined when there is room. */
export function shortageOf(limits: ConnectionLimits, demand: ConnectionDemand): Shortage | undefined {
  const { poolMax, servers, reader, database } = demand;
  const each = mostConnections(poolMax);
  const [wanted, queries] = [each * servers, poolMax * servers];
  const together = servers === 1 ? 'one server of Aisle opens' : `${servers} servers of Aisle open`;
  const mend = (raise: string) => `Set DB_POOL_MAX lower, or raise the limit: ${raise}`;
  const raised = mend('max_connections, then restart PostgreSQL.');
  if (limits.ofLogin >= 0 && limits.ofLogin < queries)
    return {
      isCertain: true,
      found: `${reader} may open ${limits.ofLogin} connections, and ${together} up to ${queries} as it`,
      mend: mend(`ALTER ROLE ${escapeIdentifier(reader)} CONNECTION LIMIT ${queries};`),
    };
  if (limits.ofDatabase >= 0 && limits.ofDatabase < wanted)
    return {
      isCertain: true,
      found: `the database takes ${limits.ofDatabase} connections, and ${together} up to ${wanted}`,
      mend: mend(`ALTER DATABASE ${escapeIdentifier(database)} CONNECTION LIMIT ${wanted};`),
    };
  if (limits.most < wanted)
    return {
      isCertain: true,
      found: `PostgreSQL takes ${limits.most} connections, and ${together} up to ${wanted}`,
      mend: raised,
    };
  if (limits.most - limits.others < wanted)
    return {
      isCertain: false,
      found: `of ${limits.most} connections others hold ${limits.others} now, and ${together} up to ${wanted}`,
      mend: raised,
    };
  if (limits.ours > wanted)
    return {
      isCertain: false,
      found: `${limits.ours} connections of Aisle are open, more than the ${wanted} that DB_SERVERS=${servers} may open`,
      mend: 'Set DB_SERVERS to the servers that there are at most, in each of them.',
    };
  return undefined;
}

/** Looks through a session of the owner's, before this server opens its own. Behind a pooler undefined, whatever the limits. */
export async function lookForShortage(
  client: Client,
  { database, ...settings }: Omit<ConnectionDemand, 'reader'> & { readonly applicationName: string },
): Promise<Shortage | undefined> {
  if (await isPooled(client)) return undefined;
  const reader = loginName('aisle_reader', database);
  const { rows } = await client.query<ConnectionLimits>(CONNECTION_LIMITS, [
    reader,
    settings.applicationName,
  ]);
  return rows[0] && shortageOf(rows[0], { ...settings, reader, database });
}

/**
 * Whether a pooler (PgBouncer) stands in between: it tells its clients process ids of its own making. What Aisle opens are then
 * the pooler's connections, and PostgreSQL's limits say nothing of them. @types/pg keeps the id to itself.
 */
export async function isPooled(client: ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  return rows[0]?.pid !== (client as ClientBase & { readonly processID: number }).processID;
}
