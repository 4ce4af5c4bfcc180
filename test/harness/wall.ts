import { afterAll, beforeAll, expect } from 'vitest';
import type { Rows } from '../../src/data/database.ts';
import { AisleError } from '../../src/kernel/errors.ts';
import type { Principal } from '../../src/kernel/principal.ts';
import type { OpenedDatabase, TestDatabase } from './databases.ts';
import { loadTwoStores, NORTH } from './two-stores.ts';

/** The database wall alone: SQL goes past every guard, as the reader, in the name of somebody. */
export interface Wall {
  readonly signal: AbortSignal;
  opened(): OpenedDatabase;
  as(principal: Principal, text: string): Promise<Rows>;
  asNorth(text: string): Promise<Rows>;
  /** The error that a statement of North's ends with; fails when there is none. */
  failure(text: string): Promise<AisleError>;
  /** Rows of a statement of North's, or the SQLSTATE. */
  outcomeOf(text: string): Promise<unknown>;
  /** What an operator does, over all stores. */
  operate(text: string, values?: readonly unknown[]): Promise<readonly object[]>;
}

/** Opens a database with the two stores for the tests of the `describe` in which it is called. */
export function wallOn(open: TestDatabase['open']): Wall {
  let opened: OpenedDatabase;
  const { signal } = new AbortController();
  beforeAll(async () => {
    opened = await open();
    await loadTwoStores(opened.database);
  });
  afterAll(() => opened.close());

  const as = (principal: Principal, text: string) =>
    opened.database.withTenant({ principal, signal, requestId: 'r' }, (tenant) =>
      tenant.query({ text, maxRows: 100 }),
    );
  const asNorth = (text: string) => as(NORTH.principal, text);
  return {
    signal,
    opened: () => opened,
    as,
    asNorth,
    failure: async (text) => {
      const error = await asNorth(text).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      if (!(error instanceof AisleError)) expect.fail(`expected a refusal, got ${String(error)}: ${text}`);
      return error;
    },
    outcomeOf: (text) =>
      asNorth(text).then(
        (result) => result.rows,
        (error: AisleError) => error.data.sqlstate ?? error.code,
      ),
    operate: (text, values) =>
      opened.database.asLoader(signal, (session) => session.query<object>(text, values)),
  };
}
