import type { Database } from '../../../data/database.ts';
import { UnavailableError } from '../../../kernel/errors.ts';
import type { RequestContext } from '../../../kernel/request-context.ts';
import type { Tool } from '../../../kernel/tool.ts';
import { loadTwoCurrencies } from './two-currencies.ts';

interface Opened {
  readonly database: Database;
  close(): Promise<void>;
}

export interface Shops {
  /** Of use between `open` and `close`: for a suite's beforeAll and afterAll. */
  readonly door: Pick<Database, 'withTenant'>;
  readonly open: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** The two stores of `loadTwoCurrencies` in a database of the suite's own; `openDatabase` comes from test/harness. */
export function twoShops(openDatabase: () => Promise<Opened>): Shops {
  let opened: Opened | undefined;
  return {
    door: {
      withTenant: (context, work) => {
        if (opened === undefined) return Promise.reject(new UnavailableError('open() comes first'));
        return opened.database.withTenant(context, work);
      },
    },
    open: async () => {
      opened = await openDatabase();
      await loadTwoCurrencies(opened.database);
    },
    close: async () => {
      await opened?.close();
    },
  };
}

/** Calls a tool as the pipeline would: arguments checked before, the answer against its schema after. */
export async function call(tool: Tool, args: unknown, context: RequestContext) {
  const result = await tool.run(tool.input.parse(args), context);
  tool.output.parse(result.structured);
  return result;
}
