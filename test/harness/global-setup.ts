import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { openEmbedded } from '../../src/data/embedded.ts';
import { silentLogger } from '../../src/telemetry/logger.ts';
import { TEST_LIMITS } from './limits.ts';
import { TEST_SECRET_KEYS } from './secret-keys.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Data directory of a migrated, empty embedded database, to be copied. */
    embeddedTemplate: string;
    /** A superuser's URL of a PostgreSQL server with pgvector, or empty. */
    postgresUrl: string;
  }
}

/** Makes one embedded database for all tests to copy: making it anew costs seconds, copying a fraction of one. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const template = await mkdtemp(join(tmpdir(), 'aisle-template-'));
  const limits = { ...TEST_LIMITS, statementTimeoutMs: 30_000, workMem: '8MB' };
  const database = await openEmbedded({
    directory: template,
    acquireTimeoutMs: 30_000,
    limits,
    secretKeys: TEST_SECRET_KEYS,
    logger: silentLogger,
  });
  await database.close();
  project.provide('embeddedTemplate', template);
  project.provide('postgresUrl', process.env.TEST_DATABASE_URL ?? '');
  return () => rm(template, { recursive: true, force: true });
}
