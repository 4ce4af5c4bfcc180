import { z } from 'zod';
import { WALL_CHECKS } from '../../data/self-check.ts';
import type { WallCheck } from '../../data/walls/wall-check.ts';
import { type Check, fail, listed, ok, rowsCheck } from '../check.ts';

/** A check of the start, shown by itself: what would keep Aisle from serving, and here is one finding among others. */
export function wall({ name, sql, wrong, mend }: WallCheck) {
  const asksForReader = sql.includes('$1');
  return rowsCheck({
    group: 'walls',
    name,
    needs: asksForReader ? 'reader' : 'tenants',
    query: sql,
    values: ({ facts }) => (asksForReader ? [facts.reader] : []),
    row: z.object({ breach: z.string() }),
    judge: (breaches) =>
      breaches.length === 0
        ? ok('holds')
        : fail(`${wrong}: ${listed(breaches.map(({ breach }) => breach))}`, mend),
  });
}

export const WALLS: readonly Check[] = WALL_CHECKS.map(wall);
