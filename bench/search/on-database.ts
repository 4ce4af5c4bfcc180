import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../../src/app/engine.ts';
import { loadConfig } from '../../src/config.ts';
import type { Database } from '../../src/data/database.ts';
import { silentLogger } from '../../src/telemetry/logger.ts';
import { createPostgresDatabase } from '../../test/harness/postgres-database.ts';

/** Does `work` on an empty database of its own: on the server that TEST_DATABASE_URL names, else on an embedded one. */
export async function onDatabase<Result>(work: (database: Database) => Promise<Result>): Promise<Result> {
  const place = await newPlace();
  try {
    const config = await loadConfig(place.settings, {}, '');
    const database = await openDatabase(config, silentLogger);
    try {
      return await work(database);
    } finally {
      await database.close();
    }
  } finally {
    await place.remove();
  }
}

async function newPlace() {
  const serverUrl = process.env.TEST_DATABASE_URL;
  if (serverUrl !== undefined) {
    const { url, drop } = await createPostgresDatabase(serverUrl);
    return { settings: { DATABASE_URL: url }, remove: drop };
  }
  const directory = await mkdtemp(join(tmpdir(), 'aisle-bench-'));
  return { settings: { DATA_DIR: directory }, remove: () => rm(directory, { recursive: true, force: true }) };
}
