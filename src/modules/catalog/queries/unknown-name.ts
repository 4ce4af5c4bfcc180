import { z } from 'zod';
import type { TenantSession } from '../../../data/database.ts';
import { decodeRows } from '../../../data/decode-rows.ts';
import { fenced, oneLine } from '../../../kernel/fenced.ts';
import type { Filters } from '../search/filters.ts';

const MOST_NAMES = 200;
/** Characters of names in a message: past 4,096 in all it would be cut, and the mark at its end with it. */
const MOST_TOLD = 3000;
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
    const isThere = names.some((name) => name.trim().toLowerCase() === asked.toLowerCase());
    if (!isThere && !rows.truncated)
      return withThoseThere(`There is no ${kind} ${JSON.stringify(asked)}`, names);
  }
  return undefined;
}

/** Names are written by strangers, as all that is stored. */
function withThoseThere(said: string, names: readonly string[]): string {
  if (names.length === 0) return `${said}, and no other.`;
  let left = MOST_TOLD;
  const lines = names
    .map((name) => oneLine(JSON.stringify(name)))
    .filter((line) => {
      left -= line.length;
      return left >= 0;
    });
  const told = lines.length < names.length ? `, of which here are ${lines.length}` : '';
  return fenced(`${said}. There are ${names.length}${told}`, lines);
}
