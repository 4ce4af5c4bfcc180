import { z } from 'zod';
import { EMBEDDING_PROVIDERS, type EmbeddingModel } from '../../../kernel/embedding.ts';

/** The vectors that searches use at present: where they lie, and which model made them. */
export interface ServingSet {
  readonly slot: 0 | 1;
  readonly setId: string;
  readonly model: EmbeddingModel;
}

/** Columns of retail.embedding_sets as the first ones of a search; NULL where no set serves. */
export const SERVING_COLUMNS = 's.slot, s.set_id, s.provider, s.model, s.version, s.dimensions';

/** An SQL condition: the set that `setId`, an SQL expression, is the id of still serves from this slot. */
export const stillServes = ({ slot }: Pick<ServingSet, 'slot'>, setId: string): string =>
  `EXISTS (SELECT FROM retail.embedding_sets WHERE slot = ${slot} AND serves AND set_id = ${setId})`;

const columns = z.union([
  z.object({ slot: z.null() }),
  z.object({
    slot: z.union([z.literal(0), z.literal(1)]),
    set_id: z.string(),
    provider: z.enum(EMBEDDING_PROVIDERS),
    model: z.string(),
    version: z.string(),
    dimensions: z.number(),
  }),
]);

/** The set that a row with `SERVING_COLUMNS` tells of. */
export function servingSetOf(row: Readonly<Record<string, unknown>>): ServingSet | undefined {
  const found = columns.parse(row);
  if (found.slot === null) return undefined;
  const { slot, set_id: setId, provider, model, version, dimensions } = found;
  return { slot, setId, model: { provider, model, version, dimensions } };
}
