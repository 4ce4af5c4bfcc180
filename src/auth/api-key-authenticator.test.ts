/**
 * Threat: a guessed, leaked, revoked or expired key; a key that does more than it was made for. Closed here; that a
 * revoked one is gone from the database's answers is shown in src/data/credentials/.
 */
import { expect, test, vi } from 'vitest';
import { testClock } from '../../test/harness/test-clock.ts';
import type { ApiKeyRecord } from '../kernel/credentials.ts';
import { InvalidCredentialError, UnavailableError } from '../kernel/errors.ts';
import { silentLogger } from '../telemetry/logger.ts';
import { hashApiKey, newApiKey } from './api-key.ts';
import { createApiKeyAuthenticator } from './api-key-authenticator.ts';

const SECRET = Buffer.alloc(32, 7);
const { key, prefix } = newApiKey();
const RECORD: ApiKeyRecord = {
  prefix,
  secretHash: hashApiKey(key, SECRET),
  hashKeyId: 'k1',
  scopes: null,
  store: null,
  expiresAt: null,
  subject: '0190a000-0000-7000-8000-00000000000a',
  name: 'robot',
  roles: ['store_readonly'],
};

function authenticatorFor(record: Partial<ApiKeyRecord> | undefined) {
  const findApiKey = vi.fn(async (asked: string) =>
    record !== undefined && asked === prefix ? { ...RECORD, ...record } : undefined,
  );
  const touchApiKey = vi.fn(async () => {});
  const secrets = {
    ids: ['k1'],
    current: () => ({ id: 'k1', key: SECRET }),
    byId: (purpose: string, id: string) =>
      purpose === 'api-key' && id === 'k1' ? { id, key: SECRET } : undefined,
  };
  const credentials = { findApiKey, touchApiKey };
  const { clock, pass } = testClock();
  const authenticate = createApiKeyAuthenticator({ credentials, secrets, logger: silentLogger, clock });
  return { authenticate, findApiKey, touchApiKey, pass };
}

test('speaks for its subject, by name', async () => {
  const { authenticate, touchApiKey } = authenticatorFor({});
  expect(await authenticate(key)).toEqual({
    subject: RECORD.subject,
    name: 'robot',
    roles: ['store_readonly'],
    permissions: new Set(['read:products', 'read:basic_reports']),
    method: 'api_key',
    client: prefix,
  });
  expect(touchApiKey).toHaveBeenCalledExactlyOnceWith(prefix);
});

test('is confined to its scopes and its store, and withholds nothing that could be asked for', async () => {
  const { authenticate } = authenticatorFor({
    scopes: ['read:products', 'write:payments'],
    store: 'store-1',
  });
  const principal = await authenticate(key);
  expect(principal.permissions).toEqual(new Set(['read:products']));
  expect(principal).toMatchObject({ store: 'store-1' });
  expect(principal).not.toHaveProperty('withheld');
});

const other = newApiKey();
test.each<[string, string, Partial<ApiKeyRecord> | undefined]>([
  ['unknown', other.key, {}],
  ['no key at all', 'aisle_', {}],
  ['known by its prefix only', key, { secretHash: hashApiKey(other.key, SECRET) }],
  ['hashed under another secret', key, { secretHash: hashApiKey(key, Buffer.alloc(32, 8)) }],
  ['hashed under a secret that is gone', key, { hashKeyId: 'k0' }],
  ['revoked or expired, so the database does not tell it', key, undefined],
])('a key that is %s is refused in the same words', async (_, sent, record) => {
  const { authenticate, touchApiKey } = authenticatorFor(record);
  await expect(authenticate(sent)).rejects.toEqual(
    new InvalidCredentialError('The API key is not valid: it is unknown, revoked or expired.'),
  );
  expect(touchApiKey).not.toHaveBeenCalled();
});

test('what is no key is not looked up', async () => {
  const { authenticate, findApiKey } = authenticatorFor({});
  await expect(authenticate(`${key}x`)).rejects.toBeInstanceOf(InvalidCredentialError);
  expect(findApiKey).not.toHaveBeenCalled();
});

test('is looked up once by calls that come together, and again after two seconds', async () => {
  const { authenticate, findApiKey, pass } = authenticatorFor({});
  await Promise.all([authenticate(key), authenticate(key)]);
  pass(1990);
  await authenticate(key);
  expect(findApiKey).toHaveBeenCalledTimes(1);
  pass(20);
  findApiKey.mockResolvedValueOnce(undefined);
  await expect(authenticate(key)).rejects.toBeInstanceOf(InvalidCredentialError);
});

test('is not remembered past its end', async () => {
  const { authenticate, findApiKey, pass } = authenticatorFor({ expiresAt: Date.now() + 100 });
  await authenticate(key);
  pass(110);
  findApiKey.mockResolvedValueOnce(undefined);
  await expect(authenticate(key)).rejects.toBeInstanceOf(InvalidCredentialError);
});

test('nobody is let in while the database is out of reach', async () => {
  const { authenticate, findApiKey } = authenticatorFor({});
  findApiKey.mockRejectedValueOnce(new UnavailableError('down'));
  await expect(authenticate(key)).rejects.toBeInstanceOf(UnavailableError);
  expect(await authenticate(key)).toMatchObject({ name: 'robot' });
});
