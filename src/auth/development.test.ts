/**
 * Threat: a missing or forged identity that turns into "all stores". Closed here: no id, no principal.
 * (The 401 answers themselves are in src/transport/http.test.ts.)
 */
import { describe, expect, test, vi } from 'vitest';
import { AuthenticationError, UnavailableError } from '../kernel/errors.ts';
import { createDevelopmentAuthenticator } from './development.ts';

const SEATTLE = '0190a000-0000-7000-8000-00000000000a';
const OTHER = '0190a000-0000-7000-8000-00000000000b';
const lookup = () =>
  vi.fn(async (id: string) =>
    id === SEATTLE || id === 'seattle'
      ? { subject: SEATTLE, name: 'seattle', roles: ['store_readonly'] as const }
      : undefined,
  );
const header = (id: string | string[]) => ({ 'x-rls-user-id': id });

test('a known id is its principal, whatever its case', async () => {
  const auth = createDevelopmentAuthenticator({ findSubject: lookup() });
  for (const id of [SEATTLE, SEATTLE.toUpperCase()]) {
    expect(await auth.authenticate(header(id))).toEqual({
      subject: SEATTLE,
      name: 'seattle',
      roles: ['store_readonly'],
      permissions: new Set(['read:products', 'read:basic_reports']),
      method: 'development',
    });
  }
});

test.each([
  [{}],
  [header('')],
  [header('seattle')],
  [header('00000000-0000-0000-0000-000000000000')],
  [header(` ${SEATTLE}`)],
  [header([SEATTLE])],
  [header([SEATTLE, OTHER])],
])('%j is refused without asking the database', async (headers) => {
  const findSubject = lookup();
  const auth = createDevelopmentAuthenticator({ findSubject });
  await expect(auth.authenticate(headers)).rejects.toBeInstanceOf(AuthenticationError);
  expect(findSubject).not.toHaveBeenCalled();
});

describe('what was found is remembered', () => {
  test('for a while, and looked up once by callers that come together', async () => {
    const findSubject = lookup();
    const auth = createDevelopmentAuthenticator({ findSubject });
    await Promise.all([auth.authenticate(header(SEATTLE)), auth.authenticate(header(SEATTLE))]);
    await auth.authenticate(header(SEATTLE));
    expect(findSubject).toHaveBeenCalledTimes(1);
  });

  test('but not that nobody was, nor that the database failed', async () => {
    const findSubject = lookup();
    const auth = createDevelopmentAuthenticator({ findSubject });
    await expect(auth.authenticate(header(OTHER))).rejects.toBeInstanceOf(AuthenticationError);
    findSubject.mockRejectedValueOnce(new UnavailableError('down'));
    await expect(auth.authenticate(header(OTHER))).rejects.toBeInstanceOf(UnavailableError);
    findSubject.mockResolvedValueOnce({ subject: OTHER, name: 'new', roles: ['store_readonly'] });
    expect(await auth.authenticate(header(OTHER))).toMatchObject({ name: 'new' });
  });
});

describe('a server for one subject', () => {
  const auth = createDevelopmentAuthenticator({ findSubject: lookup(), fixedSubject: 'seattle' });
  test.each([[{}], [header(SEATTLE)], [header(SEATTLE.toUpperCase())]])(
    'takes %j as that subject',
    async (headers) => {
      expect(await auth.authenticate(headers)).toMatchObject({ subject: SEATTLE });
    },
  );
  test.each([[header(OTHER)], [header('seattle')], [header('')]])('refuses %j', async (headers) => {
    await expect(auth.authenticate(headers)).rejects.toBeInstanceOf(AuthenticationError);
  });
  test('that does not exist refuses everyone', async () => {
    const nobody = createDevelopmentAuthenticator({ findSubject: lookup(), fixedSubject: 'nowhere' });
    await expect(nobody.authenticate({})).rejects.toEqual(
      new AuthenticationError("There is no subject 'nowhere'."),
    );
  });
});
