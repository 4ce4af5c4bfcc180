import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases, type OpenedDatabase } from '../../test/harness/databases.ts';

describe.each(databases)('functionFacts on $name', ({ open }) => {
  let opened: OpenedDatabase;
  beforeAll(async () => {
    opened = await open();
  });
  afterAll(() => opened.close());

  it('tells, in the order asked for, what an operator must know before allowing a function', async () => {
    const harmless = { exists: true, isVolatile: false, runsAsOwner: false, isExecutable: true };
    expect(
      await opened.database.functionFacts([
        'quote_literal',
        'pg_catalog.setseed',
        'access.visible_stores',
        'retail.uuid_v7',
        'uuid_v7',
        'l2_distance',
        'no_such_function',
        'retail.l2_distance',
      ]),
    ).toEqual([
      { ...harmless, name: 'quote_literal' },
      { ...harmless, name: 'pg_catalog.setseed', isVolatile: true },
      { ...harmless, name: 'access.visible_stores', runsAsOwner: true },
      { ...harmless, name: 'retail.uuid_v7', isVolatile: true, isExecutable: false },
      { ...harmless, name: 'uuid_v7', isVolatile: true, isExecutable: false },
      { ...harmless, name: 'l2_distance' },
      { name: 'no_such_function', exists: false, isVolatile: false, runsAsOwner: false, isExecutable: false },
      {
        name: 'retail.l2_distance',
        exists: false,
        isVolatile: false,
        runsAsOwner: false,
        isExecutable: false,
      },
    ]);
  });
});
