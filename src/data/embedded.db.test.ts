import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { TEST_LIMITS } from '../../test/harness/limits.ts';
import { TEST_SECRET_KEYS } from '../../test/harness/secret-keys.ts';
import { silentLogger } from '../telemetry/logger.ts';
import { openEmbedded } from './embedded.ts';

const LIMITS = TEST_LIMITS;
const signal = new AbortController().signal;

/** A server process of its own that opens the directory, says so, and then does what the script says. */
function otherServer(directory: string, script: string): ChildProcess {
  const program = `
    import { openEmbedded } from ${JSON.stringify(new URL('./embedded.ts', import.meta.url).href)};
    const database = await openEmbedded({ directory: ${JSON.stringify(directory)}, acquireTimeoutMs: 10000, limits: ${JSON.stringify(LIMITS)} });
    ${script}`;
  return spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

describe('the embedded database', () => {
  let directory: string;
  const open = () =>
    openEmbedded({
      directory,
      acquireTimeoutMs: 10_000,
      limits: LIMITS,
      secretKeys: TEST_SECRET_KEYS,
      logger: silentLogger,
    });
  const countRegions = async (database: Awaited<ReturnType<typeof open>>) =>
    (
      await database.asLoader(signal, (session) =>
        session.query<{ n: number }>('SELECT count(*)::int AS n FROM retail.regions'),
      )
    )[0]?.n;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'aisle-test-'));
    await cp(inject('embeddedTemplate'), directory, { recursive: true });
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  it('refuses a directory that another process has open, and names that process', async () => {
    const first = await open();
    await expect(open()).rejects.toMatchObject({
      code: 'CONFIGURATION_ERROR',
      message: expect.stringMatching(
        /^The data directory .* is in use by process \d+\. Stop that server, or give this one another --data-dir\.$/,
      ),
    });
    await first.close();
    const second = await open();
    await second.close();
  });

  it('a server killed in the middle of loading leaves its directory free, and nothing of the load', async () => {
    const other = otherServer(
      directory,
      `await database.asLoader(new AbortController().signal, async (session) => {
         await session.query("INSERT INTO retail.regions (slug, name) SELECT 'r' || n, 'R' FROM generate_series(1, 20000) n");
         process.stdout.write('half');
         await session.query('SELECT count(*) FROM generate_series(1, 1000000000000)'); // busy in WebAssembly when its parent dies
       });`,
    );
    await once(other.stdout as NodeJS.ReadableStream, 'data');
    other.kill('SIGKILL');
    await once(other, 'exit');
    const database = await open();
    expect(await countRegions(database)).toBe(0);
    await database.close();
  });

  it('what was committed before a kill is there after it', async () => {
    const other = otherServer(
      directory,
      `await database.asLoader(new AbortController().signal, (session) =>
         session.query("INSERT INTO retail.regions (slug, name) VALUES ('kept', 'Kept')"));
       process.stdout.write('done');
       setInterval(() => {}, 1000);`,
    );
    await once(other.stdout as NodeJS.ReadableStream, 'data');
    other.kill('SIGKILL');
    await once(other, 'exit');
    const database = await open();
    expect(await countRegions(database)).toBe(1);
    await database.close();
  });

  it('a directory whose making was cut off is made again', async () => {
    await rm(directory, { recursive: true, force: true });
    await mkdir(join(directory, 'pg'), { recursive: true });
    await writeFile(join(directory, 'pg', 'PG_VERSION'), '18\n');
    await writeFile(join(directory, 'pg.unfinished'), '');
    const database = await open();
    expect(await countRegions(database)).toBe(0);
    await database.close();
  });

  it('a directory that is no database is named in the error', async () => {
    await rm(join(directory, 'pg'), { recursive: true });
    await mkdir(join(directory, 'pg'));
    await writeFile(join(directory, 'pg', 'PG_VERSION'), 'not a version\n');
    await expect(open()).rejects.toMatchObject({ message: expect.stringContaining(directory) });
  });
});
