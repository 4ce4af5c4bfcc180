import { z } from 'zod';
import { type Check, listed, ok, rowsCheck, warn } from '../check.ts';

const group = 'statistics';

/** reltuples is -1 until a table is vacuumed or analysed for the first time. */
export const neverAnalysed = rowsCheck({
  group,
  name: 'planner statistics',
  needs: 'migrated',
  query: `SELECT c.oid::regclass::text AS name FROM pg_class c
    WHERE c.relnamespace IN (to_regnamespace('retail'), to_regnamespace('private')) AND c.relkind = 'r' AND c.reltuples < 0 AND pg_relation_size(c.oid) > 0
    ORDER BY 1`,
  row: z.object({ name: z.string() }),
  judge: (rows) =>
    rows.length === 0
      ? ok('every table with rows has them')
      : warn(
          `never analysed: ${listed(rows.map(({ name }) => name))}; plans are guesses`,
          `ANALYZE ${rows.map(({ name }) => name).join(', ')}; and see that autovacuum is on.`,
        ),
});

export const STATISTICS: readonly Check[] = [neverAnalysed];
