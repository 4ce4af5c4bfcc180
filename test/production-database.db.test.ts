/** Threat: in production the migrating user is a superuser, for whom row security and grants do not count. */
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { openDatabase } from '../src/app/engine.ts';
import { parseSettings } from '../src/config.ts';
import { ConfigurationError } from '../src/kernel/errors.ts';
import { newSecretKey } from '../src/secrets/secret-keys.ts';
import { silentLogger } from '../src/telemetry/logger.ts';
import { createManagedDatabase, createPostgresDatabase } from './harness/postgres-database.ts';
import { startCli } from './harness/server-process.ts';

const serverUrl = inject('postgresUrl');

describe.runIf(serverUrl !== '')('outside of development', () => {
  const open = (url: string, environment: string) => {
    const values = { DATABASE_URL: url, ENVIRONMENT: environment, SECRET_KEYS: newSecretKey(new Date()) };
    return openDatabase(parseSettings({ values, decided: new Set(), problems: [] }), silentLogger);
  };

  it.each(['staging', 'production'])(
    'a superuser is refused in %s, before anything is migrated',
    async (environment) => {
      const { url, drop } = await createPostgresDatabase(serverUrl);
      try {
        const refused = open(url, environment);
        await expect(refused).rejects.toThrow(ConfigurationError);
        await expect(refused).rejects.toThrow('The user in DATABASE_URL is a superuser');
      } finally {
        await drop();
      }
    },
  );

  it('an owner that is none is served', async () => {
    const { url, drop } = await createManagedDatabase(serverUrl);
    try {
      const database = await open(url, 'production');
      await database.ping();
      await database.close();
    } finally {
      await drop();
    }
  });
});

describe('keys from the command line', () => {
  const directory = join(tmpdir(), `aisle-test-${randomUUID()}`);
  afterAll(() => rm(directory, { recursive: true, force: true }));

  it('a new one is printed, and stored fields are brought under it', async () => {
    const made = startCli(['secrets', 'new-key']);
    expect(await made.ended).toBe(0);
    const fresh = made.stdout().trim();
    const [id = ''] = fresh.split(':');
    expect(fresh).toMatch(/^k\d{8}-[0-9a-f]{4}:[A-Za-z0-9+/]{43}=$/);

    const old = newSecretKey(new Date('2020-01-01'));
    const keys = { SECRET_KEYS: `${fresh},${old}` };
    expect(await startCli(['migrate', '--data-dir', directory], keys).ended).toBe(0);
    const rotate = startCli(['secrets', 'rotate', '--data-dir', directory, '--json'], keys);
    expect(await rotate.ended, rotate.stderr()).toBe(0);
    expect(JSON.parse(rotate.stdout())).toEqual({
      ...{ rewritten: 0, unreadable: 0, current: id },
      unused: [id, old.split(':')[0]],
    });
  });
});
