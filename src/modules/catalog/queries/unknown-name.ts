import { z } from 'zod';
import type { TenantSession } from '../../../data/database.ts';
import { decodeRows } from '../../../data/decode-rows.ts';
import type { Filters } from '../search/filters.ts';

const MOST_NAMES = 200;
const NAMES = {
  category: 'SELECT name FROM retail.categories ORDER BY name',
  type: 'SELECT DISTINCT name FROM retail.product_types ORDER BY name',
} as const;

/** What to tell whoever filters by a category or type that there is not; undefined when both are there. */
export async function unknownName(tenant: TenantSession, filters: Filters): Promise<string | undefined> {
  for (const kind of ['category', 'type'] as const) {
    const asked = filters[kind];
    if (asked === undefined) continue;
    const rows = await tenant.query({ text: NAMES[kind], maxRows: MOST_NAMES });
    const names = decodeRows(rows, { name: z.string() }).map(({ name }) => name);
    const isThere = names.some((name) => name.toLowerCase() === asked.toLowerCase());
    if (!isThere && !rows.truncated) {
      return `There is no ${kind} ${JSON.stringify(asked)}. There are: ${names.map((name) => JSON.stringify(name)).join(', ')}.`;
    }
  }
  return undefined;
}
