/**
 * Threat: a header that turns one store's caller into another's, or into everybody's. Closed here: it names one of the
 * caller's own stores or the request is refused. (That the database holds a caller to it: test/walls/narrowing.db.test.ts.)
 */
import { describe, expect, test, vi } from 'vitest';
import { AuthorizationError, UnavailableError } from '../kernel/errors.ts';
import type { Principal } from '../kernel/principal.ts';
import { createNarrowing } from './narrow.ts';

const MANAGER: Principal = {
  subject: '0190a000-0000-7000-8000-000000000001',
  name: 'manager',
  roles: ['regional_manager'],
  permissions: new Set(['read:analytics']),
  method: 'token',
};
const SEATTLE = '0190b000-0000-7000-8000-00000000000a';
const SEATTLES_SUBJECT = '0190a000-0000-7000-8000-00000000000a';
const OTHERS = '0190b000-0000-7000-8000-00000000000b';

const lookup = () =>
  vi.fn(
    async (subject: string, id: string): Promise<string | undefined> =>
      subject === MANAGER.subject && (id === SEATTLE || id === SEATTLES_SUBJECT) ? SEATTLE : undefined,
  );
const header = (id: string | string[]) => ({ 'x-rls-user-id': id });

test.each([SEATTLE, SEATTLE.toUpperCase(), SEATTLES_SUBJECT])(
  '%s narrows to the store, and changes nothing else',
  async (id) => {
    const narrow = createNarrowing({ findOwnStore: lookup() });
    expect(await narrow(MANAGER, header(id))).toEqual({ ...MANAGER, store: SEATTLE });
  },
);

test('without the header the caller has all of its stores', async () => {
  const findOwnStore = lookup();
  expect(await createNarrowing({ findOwnStore })(MANAGER, {})).toBe(MANAGER);
  expect(findOwnStore).not.toHaveBeenCalled();
});

test.each([
  [''],
  ['seattle'],
  ['*'],
  ['00000000-0000-0000-0000-000000000000'],
  [` ${SEATTLE}`],
  [`${SEATTLE}, ${OTHERS}`],
  [`${SEATTLE}.p`],
  [[SEATTLE]],
  [[SEATTLE, OTHERS]],
])('%j is refused without asking the database', async (id) => {
  const findOwnStore = lookup();
  const refused = createNarrowing({ findOwnStore })(MANAGER, header(id));
  await expect(refused).rejects.toMatchObject({
    code: 'AUTHORIZATION_ERROR',
    message: 'Invalid RLS context for user',
  });
  expect(findOwnStore).not.toHaveBeenCalled();
});

describe('never widens', () => {
  test("to another's store", async () => {
    const narrow = createNarrowing({ findOwnStore: lookup() });
    await expect(narrow(MANAGER, header(OTHERS))).rejects.toBeInstanceOf(AuthorizationError);
  });

  test('by what was found for somebody else', async () => {
    const narrow = createNarrowing({ findOwnStore: lookup() });
    await narrow(MANAGER, header(SEATTLE));
    const stranger = { ...MANAGER, subject: OTHERS };
    await expect(narrow(stranger, header(SEATTLE))).rejects.toBeInstanceOf(AuthorizationError);
  });

  test('a caller whose credential is for one store already', async () => {
    const narrow = createNarrowing({ findOwnStore: lookup() });
    const confined = { ...MANAGER, store: OTHERS };
    await expect(narrow(confined, header(SEATTLE))).rejects.toBeInstanceOf(AuthorizationError);
    expect(await narrow({ ...MANAGER, store: SEATTLE }, header(SEATTLE))).toMatchObject({ store: SEATTLE });
  });

  test('when the database is out of reach', async () => {
    const narrow = createNarrowing({ findOwnStore: () => Promise.reject(new UnavailableError('down')) });
    await expect(narrow(MANAGER, header(SEATTLE))).rejects.toBeInstanceOf(UnavailableError);
  });
});

test('in development the header has said who calls', async () => {
  const findOwnStore = lookup();
  const developer = { ...MANAGER, method: 'development' as const };
  expect(await createNarrowing({ findOwnStore })(developer, header(MANAGER.subject))).toBe(developer);
  expect(findOwnStore).not.toHaveBeenCalled();
});

test('what was found is remembered, that nothing was is not', async () => {
  const findOwnStore = lookup();
  const narrow = createNarrowing({ findOwnStore });
  await Promise.all([narrow(MANAGER, header(SEATTLE)), narrow(MANAGER, header(SEATTLE))]);
  expect(findOwnStore).toHaveBeenCalledTimes(1);
  await narrow(MANAGER, header(OTHERS)).catch(() => {});
  findOwnStore.mockResolvedValueOnce(OTHERS);
  expect(await narrow(MANAGER, header(OTHERS))).toMatchObject({ store: OTHERS });
});
