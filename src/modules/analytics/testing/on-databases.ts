import { afterAll, beforeAll, describe } from 'vitest';
import { databases, type OpenedDatabase } from '../../../../test/harness/databases.ts';
import type { Database } from '../../../data/database.ts';
import type { RequestContext } from '../../../kernel/request-context.ts';
import type { Tool } from '../../../kernel/tool.ts';
import { loadTwoCurrencies } from './two-currencies.ts';

type Door = Pick<Database, 'withTenant'>;

/** Runs `tests` on each kind of database, with the two stores of `loadTwoCurrencies` in it. */
export function onDatabases(tests: (door: Door) => void): void {
  describe.each(databases)('$name', ({ open }) => {
    let opened: OpenedDatabase;
    beforeAll(async () => {
      opened = await open();
      await loadTwoCurrencies(opened.database);
    });
    afterAll(() => opened.close());
    tests({ withTenant: (principal, signal, work) => opened.database.withTenant(principal, signal, work) });
  });
}

/** Calls a tool as the pipeline would: arguments checked before, the answer against its schema after. */
export async function call(tool: Tool, args: unknown, context: RequestContext) {
  const result = await tool.run(tool.input.parse(args), context);
  tool.output.parse(result.structured);
  return result;
}
