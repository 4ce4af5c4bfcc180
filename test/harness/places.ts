/** Databases as the command line is told of them: where each is, for processes of its own. */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, inject } from 'vitest';
import { createPostgresDatabase } from './postgres-database.ts';

export interface PlaceKind {
  readonly name: 'embedded' | 'postgres';
}

/** The embedded database always; PostgreSQL too when TEST_DATABASE_URL names a server. */
export const places: readonly PlaceKind[] =
  inject('postgresUrl') === '' ? [{ name: 'embedded' }] : [{ name: 'embedded' }, { name: 'postgres' }];

export interface Place {
  /** A folder for files of the test's own. */
  readonly folder: string;
  /** What names the database on the command line. */
  readonly options: readonly string[];
}

/** A place of each test's own, gone after it: look at it in tests only. The embedded one may begin as a migrated database. */
export function placeOfEachTest(kind: PlaceKind['name'], { isMigrated = false } = {}): Place {
  let place: Place = { folder: '', options: [] };
  let drop = async () => {};
  beforeEach(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'aisle-test-'));
    const directory = join(folder, 'data');
    if (kind === 'postgres') {
      const created = await createPostgresDatabase(inject('postgresUrl'));
      drop = created.drop;
      place = { folder, options: ['--database-url', created.url] };
    } else {
      if (isMigrated) await cp(inject('embeddedTemplate'), directory, { recursive: true });
      place = { folder, options: ['--data-dir', directory] };
    }
  });
  afterEach(async () => {
    await drop();
    await rm(place.folder, { recursive: true, force: true });
  });
  return {
    get folder() {
      return place.folder;
    },
    get options() {
      return place.options;
    },
  };
}
