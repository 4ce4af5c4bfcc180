import { randomBytes } from 'node:crypto';
import pg from 'pg';

export interface CreatedDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/** Makes an empty database on the test server; returns its URL and how to drop it. */
export async function createPostgresDatabase(serverUrl: string): Promise<CreatedDatabase> {
  const name = `aisle_test_${randomBytes(6).toString('hex')}`;
  await runOn(serverUrl, `CREATE DATABASE ${name}`);
  return {
    url: urlOf(serverUrl, { pathname: name }),
    drop: () =>
      runOn(
        serverUrl,
        `DROP DATABASE ${name} WITH (FORCE)`,
        `DROP ROLE IF EXISTS aisle_reader_${name}, aisle_auditor_${name}`,
      ),
  };
}

/**
 * The same as a managed service gives it: the URL's user owns the database and may create roles, and is no superuser, so
 * that nothing of pg_catalog can be taken away from anybody.
 */
export async function createManagedDatabase(serverUrl: string): Promise<CreatedDatabase> {
  const { url, drop } = await createPostgresDatabase(serverUrl);
  const name = new URL(url).pathname.slice(1);
  const owner = `owner_of_${name}`;
  const password = randomBytes(12).toString('hex');
  await runOn(
    serverUrl,
    `CREATE ROLE ${owner} LOGIN CREATEROLE PASSWORD '${password}'`,
    `ALTER DATABASE ${name} OWNER TO ${owner}`,
  );
  // What such a service has its own administrator for: vector is not a trusted extension.
  await runOn(
    url,
    `CREATE SCHEMA extensions AUTHORIZATION ${owner}`,
    'CREATE EXTENSION vector SCHEMA extensions',
  );
  return {
    url: urlOf(url, { username: owner, password }),
    drop: async () => {
      await drop();
      await runOn(serverUrl, `DROP ROLE ${owner}`);
    },
  };
}

function urlOf(url: string, parts: Partial<Pick<URL, 'pathname' | 'username' | 'password'>>): string {
  return Object.assign(new URL(url), parts).href;
}

async function runOn(url: string, ...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  for (const statement of statements) await client.query(statement);
  await client.end();
}
