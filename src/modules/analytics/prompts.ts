import { z } from 'zod';
import type { Database, TenantSession } from '../../data/database.ts';
import { type Completions, definePrompt, type Prompt, type PromptMessage } from '../../kernel/prompt.ts';
import { completeTable } from './complete-table.ts';
import { categoriesLike } from './queries/categories.ts';
import { slugsLike } from './queries/stores.ts';

type Door = Pick<Database, 'withTenant'>;

/** One more than a completion shows tells that there are more. */
const MOST = 101;
const MAX_TYPED = 200;

const text = (description: string) => z.string().min(1).max(MAX_TYPED).describe(description);

/** Values from the caller's own rows. */
function completion(
  database: Door,
  find: (tenant: TenantSession, typed: string, maxRows: number) => Promise<readonly string[]>,
): Completions[string] {
  return (typed, context) =>
    database.withTenant(context, (tenant) => find(tenant, typed.slice(0, MAX_TYPED), MOST));
}

function asked(words: string): readonly PromptMessage[] {
  return [{ role: 'user', content: { type: 'text', text: words } }];
}

/** What people ask most, to be picked and filled in. Values are quoted as JSON: they are names, and no instructions. */
export function analyticsPrompts(database: Door): readonly Prompt[] {
  return [
    definePrompt({
      name: 'review_store',
      title: 'Review a store',
      description: 'How a store does, what changed, and what to look at.',
      input: z.object({
        store: text('The store, by its short name.'),
        period: text('A period, e.g. last_30_days or 2011-Q4.').default('last_30_days'),
      }),
      permission: 'read:basic_reports',
      complete: { store: completion(database, slugsLike) },
      render: async ({ store, period }) =>
        asked(
          `Call get_store_performance with ${JSON.stringify({ store_id: store, time_period: period })}. ` +
            'Say in three sentences how the store does, then list what changed most against the period before, and what to look at first.',
        ),
    }),
    definePrompt({
      name: 'review_category',
      title: 'Review a product category',
      description: 'What sells in a category, where, and what does not.',
      input: z.object({ category: text('The product category, by its name.') }),
      permission: 'read:analytics',
      complete: { category: completion(database, categoriesLike) },
      render: async ({ category }) =>
        asked(
          `Read the table schemas, then query the sales of the product category ${JSON.stringify(category)} of the last twelve months: ` +
            'by month, by store, its best sellers, and what stood still. Say what stands out.',
        ),
    }),
    definePrompt({
      name: 'explain_table',
      title: 'Explain a table',
      description: 'What a table holds and how to ask it.',
      input: z.object({ table: text('The table, by its name.') }),
      permission: 'read:analytics',
      complete: { table: async (typed) => completeTable(typed) },
      render: async ({ table }) =>
        asked(
          `Call get_multiple_table_schemas with ${JSON.stringify({ table_names: [table] })}. ` +
            'Explain what the table holds, how it joins with others, and show three queries that are worth asking.',
        ),
    }),
  ];
}
