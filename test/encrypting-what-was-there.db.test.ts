/** Threat: after an upgrade letters of before lie open for good, and nobody is told. */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../src/app/engine.ts';
import { silentLogger } from '../src/telemetry/logger.ts';
import { type Attackable, attackables } from './harness/attackable.ts';

const MIGRATION = new URL('../migrations/0013_sensitive_fields.sql', import.meta.url);
const BEFORE = `ALTER TABLE retail.payments DROP COLUMN reference;
  ALTER TABLE retail.support_tickets DROP CONSTRAINT support_tickets_body_encrypted,
    ADD CONSTRAINT support_tickets_body_check CHECK (char_length(body) <= 10000);
  UPDATE retail.support_tickets SET body = 'An open letter'`;

describe.each(attackables)('letters from before they were encrypted, on $name', ({ create }) => {
  let place: Attackable;
  const state = () =>
    place.asSuperuser(async (client) => {
      const bodies = await client.query<{ body: string }>('SELECT body FROM retail.support_tickets');
      const constraint = await client.query<{ proven: boolean }>(
        `SELECT convalidated AS proven FROM pg_constraint WHERE conname = 'support_tickets_body_encrypted'`,
      );
      return { bodies: bodies.rows.map(({ body }) => body), proven: constraint.rows[0]?.proven };
    });

  beforeAll(async () => {
    place = await create();
    const migration = await readFile(MIGRATION, 'utf8');
    await place.asSuperuser(async (client) => {
      await client.query(BEFORE);
      await client.query(`BEGIN; ${migration}; COMMIT`);
    });
  });
  afterAll(() => place.drop());

  it('survive the migration, and the catalogue says that they may lie open', async () => {
    expect(await state()).toEqual({ bodies: ['An open letter', 'An open letter'], proven: false });
  });

  it('are encrypted by a rotation, and the catalogue says so', async () => {
    const database = await openDatabase(place.config, silentLogger);
    const { rewritten, unreadable } = await database.rotateFields(new AbortController().signal, () => {});
    await database.close();
    expect([rewritten, unreadable]).toEqual([2, 0]);
    const sealed = expect.stringMatching(/^enc:v1:/);
    expect(await state()).toEqual({ bodies: [sealed, sealed], proven: true });
  });
});
