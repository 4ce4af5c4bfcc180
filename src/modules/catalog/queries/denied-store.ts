import { z } from 'zod';
import type { TenantSession } from '../../../data/database.ts';
import { decodeRows } from '../../../data/decode-rows.ts';
import { AuthorizationError } from '../../../kernel/errors.ts';

const MOST_NAMED = 20;
const OWN_SLUGS = 'SELECT slug FROM retail.stores ORDER BY slug';

/**
 * What to tell whoever asks for a store that is not theirs: which are. Someone else's store and no store at all are the same
 * answer, so it does not name the one that was asked for.
 */
export async function deniedStore(tenant: TenantSession): Promise<AuthorizationError> {
  const rows = await tenant.query({ text: OWN_SLUGS, maxRows: MOST_NAMED });
  const slugs = decodeRows(rows, { slug: z.string() }).map(({ slug }) => slug);
  const named =
    slugs.length === 0 ? 'You have none: an operator can give you one' : `Yours: ${slugs.join(', ')}`;
  const more = rows.truncated ? ' and more: without store you see all' : '';
  return new AuthorizationError(`Access denied for store. ${named}${more}.`);
}
