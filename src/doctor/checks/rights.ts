import { z } from 'zod';
import { GRANTED } from '../../data/granted.ts';
import { compareGrants } from '../../data/grants.ts';
import type { InspectionFacts } from '../../data/inspection.ts';
import { loginName } from '../../data/postgres-logins.ts';
import { IS_MASKING_VIEW } from '../../data/walls/masking-checks.ts';
import { OF_EXTENSION, OWN_SCHEMA, READABLE, RELATIONS } from '../../data/walls/wall-check.ts';
import { type Check, fail, listed, ok, rowsCheck, type Settings, warn } from '../check.ts';

const group = 'rights';

/** Only a superuser could have granted it, so that it tells who migrated; who looks may be somebody else. */
const BY_A_SUPERUSER = 'aisle_owner USAGE language plpgsql';

/** `who EXECUTE function name(…)` of a function that the settings let queries call. */
function isExtraFunction(line: string, { SQL_EXTRA_FUNCTIONS }: Settings): boolean {
  const name = / EXECUTE function ([^(]+)\(/.exec(line)?.[1] ?? '';
  return SQL_EXTRA_FUNCTIONS.some((extra) => extra === name || extra === name.split('.')[1]);
}

function loginsOf({ kind, reader, database }: InspectionFacts) {
  if (kind === 'embedded') return { aisle_reader: reader, aisle_auditor: 'aisle_auditor' };
  return { aisle_reader: reader, aisle_auditor: loginName('aisle_auditor', database) };
}

/**
 * The whole list, of all roles. What PUBLIC has beyond it may be out of the reader's reach all the same, and what is in its
 * reach and does harm is a matter of the walls: that is a warning.
 */
export const grants = rowsCheck({
  group,
  name: 'grants',
  needs: 'migrated',
  query: GRANTED,
  values: ({ facts }) => [Object.values(loginsOf(facts))],
  row: z.object({ line: z.string() }),
  judge(rows, { facts, settings }) {
    const { kind, database } = facts;
    const granted = rows.map(({ line }) => line);
    const { missing, beyond } = compareGrants(granted, {
      database,
      kind,
      bySuperuser: granted.includes(BY_A_SUPERUSER),
      ...(kind === 'postgres' && { logins: loginsOf(facts) }),
    });
    const unexpected = beyond.filter((line) => !isExtraFunction(line, settings));
    const ofRoles = unexpected.filter((line) => !line.startsWith('PUBLIC '));
    const mend = 'REVOKE it, or put it on the list in src/data/grants.ts with the migration that grants it.';
    if (ofRoles.length > 0) return fail(`beyond the list: ${listed(ofRoles)}`, mend);
    if (missing.length > 0)
      return fail(`missing: ${listed(missing)}`, 'Grant it as the files in migrations/ do.');
    // What everybody may do with the database has a check of its own.
    const ofEverybody = unexpected.filter((line) => !line.endsWith(` database ${database}`));
    if (ofEverybody.length > 0) return warn(`everybody has more than the list: ${listed(ofEverybody)}`, mend);
    return ok(`${granted.length}, as listed in src/data/grants.ts`);
  },
});

/**
 * security_invoker is a matter of the walls; a barrier keeps a cheap function from seeing rows that the view leaves out.
 * The views that mask leave out none.
 */
export const viewBarriers = rowsCheck({
  group,
  name: 'view barriers',
  needs: 'reader',
  query: `SELECT breach AS name FROM (${RELATIONS}
    WHERE ${OWN_SCHEMA} AND c.relkind = 'v' AND ${READABLE}
      AND NOT ${OF_EXTENSION} AND NOT ${IS_MASKING_VIEW}
      AND NOT EXISTS (SELECT FROM pg_options_to_table(c.reloptions)
        WHERE option_name = 'security_barrier' AND option_value::boolean)) leaky ORDER BY 1`,
  values: ({ facts }) => [facts.reader],
  row: z.object({ name: z.string() }),
  judge: (rows) =>
    rows.length === 0
      ? ok('every view that the reader can read has one')
      : warn(
          `none: ${listed(rows.map(({ name }) => name))}; a condition of a query may be asked before that of the view`,
          'ALTER VIEW … SET (security_barrier = true);',
        ),
});

export const RIGHTS: readonly Check[] = [grants, viewBarriers];
