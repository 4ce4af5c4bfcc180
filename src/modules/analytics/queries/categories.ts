import { z } from 'zod';
import type { TenantSession } from '../../../data/database.ts';
import { decodeRows } from '../../../data/decode-rows.ts';

/** Names of product categories that begin with `typed`, in whatever case, at most `maxRows`. */
export async function categoriesLike(
  tenant: TenantSession,
  typed: string,
  maxRows: number,
): Promise<readonly string[]> {
  const found = await tenant.query({
    text: 'SELECT name FROM retail.categories WHERE starts_with(lower(name), lower($1)) ORDER BY name',
    values: [typed],
    maxRows,
  });
  return decodeRows(found, { name: z.string() }).map(({ name }) => name);
}
