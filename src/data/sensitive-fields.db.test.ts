/**
 * Threat: a model, a backup or a stolen disk gives away what customers wrote and where they paid. Closed here: these columns
 * hold ciphertext only, whoever loads them, and the database itself refuses plain text.
 */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases, type OpenedDatabase } from '../../test/harness/databases.ts';
import { TEST_SECRET_KEYS } from '../../test/harness/secret-keys.ts';
import { loadTwoStores, NORTH, SOUTH } from '../../test/harness/two-stores.ts';
import { InternalError, ValidationError } from '../kernel/errors.ts';
import type { SecretKeys } from '../kernel/secret-keys.ts';
import { parseSecretKeys } from '../secrets/secret-keys.ts';
import type { LoaderSession } from './database.ts';
import { rotateFields } from './field-rotation.ts';
import { decryptField, encryptField, SENSITIVE_FIELDS } from './sensitive-fields.ts';

const { signal } = new AbortController();
const [BODY, REFERENCE] = SENSITIVE_FIELDS;
if (BODY === undefined || REFERENCE === undefined) throw new RangeError('there are two sensitive fields');

const TICKETS = 'SELECT store_id, ticket_id, body FROM retail.support_tickets ORDER BY store_id';
interface Ticket {
  readonly store_id: string;
  readonly ticket_id: string;
  readonly body: string;
}

describe.each(databases)('sensitive fields on $name', ({ open }) => {
  let opened: OpenedDatabase;
  const operate = <Result>(work: (session: LoaderSession) => Promise<Result>) =>
    opened.database.asLoader(signal, work);
  const tickets = () => operate((session) => session.query<Ticket>(TICKETS));
  const opens = async (keys = TEST_SECRET_KEYS) =>
    (await tickets()).map((row) => decryptField(keys, BODY, [row.store_id, row.ticket_id], row.body));

  beforeAll(async () => {
    opened = await open();
    await loadTwoStores(opened.database);
  });
  afterAll(() => opened.close());

  it('are loaded encrypted, each for its row', async () => {
    const [north, south] = await tickets();
    expect(north?.body).toMatch(/^enc:v1:k[0-9a-f-]+:[A-Za-z0-9_-]{60,}$/);
    expect(north?.body).not.toBe(south?.body);
    expect(await opens()).toEqual(['The head came loose.', 'The head came loose.']);
    expect(() =>
      decryptField(
        TEST_SECRET_KEYS,
        BODY,
        [south?.store_id ?? '', south?.ticket_id ?? ''],
        north?.body ?? '',
      ),
    ).toThrow(InternalError);
  });

  it('are ciphertext to the SQL of a model', async () => {
    const context = { principal: NORTH.principal, signal, requestId: 'r' };
    const seen = await opened.database.withTenant(context, (tenant) =>
      tenant.query({ text: 'SELECT body FROM retail.support_tickets' }),
    );
    expect(seen.rows).toEqual([[expect.stringMatching(/^enc:v1:/)]]);
  });

  it('take a reference of a payment, and none', async () => {
    const payment = '00000004-0000-4000-8000-0000000000aa';
    const columns = {
      store_id: 'uuid',
      payment_id: 'uuid',
      order_id: 'uuid',
      amount: 'numeric',
      method: 'text',
      reference: 'text',
    };
    await operate(async (session) => {
      const [order] = await session.query<{ id: string }>(
        'SELECT order_id AS id FROM retail.orders WHERE store_id = $1',
        [NORTH.storeId],
      );
      await session.load('retail.payments', columns, [
        [NORTH.storeId.toUpperCase(), payment, order?.id ?? '', '1', 'card', 'pi_12345'],
      ]);
    });
    const stored = await operate((session) =>
      session.query<{ reference: string | null }>(
        'SELECT reference FROM retail.payments WHERE store_id = $1 ORDER BY reference NULLS LAST',
        [NORTH.storeId],
      ),
    );
    expect(stored).toEqual([{ reference: expect.stringMatching(/^enc:v1:/) }, { reference: null }]);
    const text = decryptField(
      TEST_SECRET_KEYS,
      REFERENCE,
      [NORTH.storeId, payment],
      stored[0]?.reference ?? '',
    );
    expect(text).toBe('pi_12345');
  });

  it.each([
    [`UPDATE retail.support_tickets SET body = 'plain'`],
    [`UPDATE retail.payments SET reference = 'pi_1'`],
    [`UPDATE retail.payments SET reference = ''`],
  ])('refuse plain text: %s', async (sql) => {
    await expect(operate((session) => session.query(sql))).rejects.toMatchObject({ code: '23514' });
  });

  it('are not loaded without the key of their row, nor longer than they may be', async () => {
    const load = (columns: Readonly<Record<string, string>>, row: readonly string[]) =>
      operate((session) => session.load('retail.support_tickets', columns, [row]));
    await expect(load({ store_id: 'uuid', body: 'text' }, [NORTH.storeId, 'x'])).rejects.toEqual(
      new ValidationError(
        'retail.support_tickets.body is encrypted for its row: load it together with store_id, ticket_id.',
      ),
    );
    expect(() => encryptField(TEST_SECRET_KEYS, BODY, ['a', 'b'], 'x'.repeat(10_001))).toThrow(
      ValidationError,
    );
    const longest = encryptField(TEST_SECRET_KEYS, BODY, ['a', 'b'], '€'.repeat(10_000));
    expect(longest.length).toBeLessThan(60_000);
  });

  it('an empty body stays empty, and is not taken for one that was lost', () => {
    expect(encryptField(TEST_SECRET_KEYS, BODY, ['a', 'b'], '')).toBe('');
    expect(decryptField(TEST_SECRET_KEYS, BODY, ['a', 'b'], '')).toBe('');
  });

  describe('when keys are rotated', () => {
    const old = TEST_SECRET_KEYS.ids[0] ?? '';
    const fresh = `fresh:${randomBytes(32).toString('base64')}`;
    const freshOnly = parseSecretKeys([fresh]);
    /** The new key in front of the old one, which only TEST_SECRET_KEYS holds. */
    const both: SecretKeys = {
      ids: ['fresh', old],
      current: (purpose: string) => freshOnly.current(purpose),
      byId: (purpose: string, id: string) =>
        freshOnly.byId(purpose, id) ?? TEST_SECRET_KEYS.byId(purpose, id),
    };
    const rotate = (keys = both) => rotateFields(keys, operate, () => {});

    it('what no key opens is counted, left as it is, and no key is called unused for it', async () => {
      const done = await rotate(freshOnly);
      expect(done).toEqual({ rewritten: 0, unreadable: 3, current: 'fresh', unused: ['fresh'] });
      expect(await opens()).toEqual(['The head came loose.', 'The head came loose.']);
    });

    it('all is under the new key, and the old one is no longer needed', async () => {
      expect(await rotate()).toEqual({ rewritten: 3, unreadable: 0, current: 'fresh', unused: [old] });
      expect(await opens(freshOnly)).toEqual(['The head came loose.', 'The head came loose.']);
    });

    it('doing it again changes nothing', async () => {
      const before = await tickets();
      expect(await rotate()).toEqual({ rewritten: 0, unreadable: 0, current: 'fresh', unused: [old] });
      expect(await tickets()).toEqual(before);
    });

    it('many rows go in batches, and what somebody writes meanwhile stays theirs', async () => {
      const columns = {
        store_id: 'uuid',
        ticket_id: 'uuid',
        customer_id: 'uuid',
        subject: 'text',
        body: 'text',
      };
      const id = (n: number) => `00000003-0000-4000-8000-${String(n).padStart(12, '0')}`;
      const customer = '00000001-0000-4000-8000-000000000001';
      const rows = Array.from({ length: 1200 }, (_, n) => [
        SOUTH.storeId,
        id(100 + n),
        customer,
        's',
        `body ${n}`,
      ]);
      await operate((session) => session.load('retail.support_tickets', columns, rows)); // under the old key
      const theirs = encryptField(freshOnly, BODY, [SOUTH.storeId, id(650)], 'changed meanwhile');
      let batches = 0;
      const done = await rotateFields(
        both,
        (work) => {
          batches += 1;
          return operate((session) => work(batches === 2 ? interrupted(session) : session));
        },
        () => {},
      );
      /** Somebody writes after the batch was read and before it is written. */
      function interrupted(session: LoaderSession): LoaderSession {
        return {
          ...session,
          query: async (text, values) => {
            if (text.startsWith('UPDATE'))
              await session.query('UPDATE retail.support_tickets SET body = $1 WHERE ticket_id = $2', [
                theirs,
                id(650),
              ]);
            return session.query(text, values);
          },
        };
      }
      expect(done).toEqual({ rewritten: 1199, unreadable: 0, current: 'fresh', unused: [old] });
      const bodies = await opens(freshOnly);
      expect(bodies).toHaveLength(1202);
      expect(bodies).toContain('changed meanwhile');
      expect(bodies).toContain('body 1199');
      expect(bodies).not.toContain('body 550');
      expect(batches).toBe(5); // 500, 500 and 200 tickets, no payments, the keys in use
    });
  });
});
