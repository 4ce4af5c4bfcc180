import { z } from 'zod';
import { type Check, factsCheck, fail, listed, ok, rowsCheck, settingsCheck, warn } from '../check.ts';

const group = 'versions';

/** The first Node that strips types by itself; `engines` in package.json says the same. */
const NODE = [22, 18] as const;

export function judgeNode(version: string) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > NODE[0] || (major === NODE[0] && minor >= NODE[1])
    ? ok(version)
    : fail(`${version} is too old`, `Install Node ${NODE.join('.')} or newer.`);
}

const node = settingsCheck({ group, name: 'node', judge: () => judgeNode(process.versions.node) });

const OLDEST = 15;
const NEWEST = 18;

/**
 * First minor versions in which a plan that is kept heeds row security below views and subqueries whoever runs it
 * (CVE-2024-10976): Aisle keeps plans for all callers.
 */
const SAFE_PLANS: Readonly<Record<number, number>> = { 15: 150_009, 16: 160_005, 17: 170_001 };

export const postgresql = rowsCheck({
  group,
  name: 'postgresql',
  query: `SELECT current_setting('server_version_num')::integer AS number, current_setting('server_version') AS text`,
  row: z.object({ number: z.int(), text: z.string() }),
  judge([version]) {
    const number = version?.number ?? 0;
    const major = Math.floor(number / 10_000);
    if (major < OLDEST) {
      return fail(`${version?.text} is too old`, `Upgrade the server to PostgreSQL ${OLDEST} to ${NEWEST}.`);
    }
    if (major > NEWEST) {
      return warn(
        `${version?.text} is newer than what this version of Aisle was tested with`,
        `Use PostgreSQL ${OLDEST} to ${NEWEST}, or a newer Aisle.`,
      );
    }
    const safe = SAFE_PLANS[major] ?? 0;
    if (number < safe) {
      return fail(
        `${version?.text} may forget row security in a plan that is used again (CVE-2024-10976)`,
        `Upgrade the server to ${major}.${safe % 10_000} or newer: it is a restart with the same files.`,
      );
    }
    return ok(version?.text ?? '');
  },
});

export const migrations = factsCheck({
  group,
  name: 'migrations',
  judge({ facts }) {
    if (facts.migrations === undefined) {
      return fail(
        `${facts.user} can not read the table aisle.migrations`,
        'Look as the user that owns the database, the one that Aisle serves with.',
      );
    }
    const { applied, pending, unknown } = facts.migrations;
    if (unknown.length > 0) {
      return fail(
        `the database is newer than this version of Aisle: it has ${listed(unknown)}`,
        'Install the version of Aisle that made it, or name another database.',
      );
    }
    if (applied.length === 0) {
      return fail('the database has never been migrated', 'Run "aisle migrate"; serving does so too.');
    }
    if (pending.length > 0) {
      return fail(`${listed(pending)} not run yet`, 'Run "aisle migrate"; serving does so too.');
    }
    return ok(`up to date: ${applied.at(-1)}`);
  },
});

export const VERSIONS: readonly Check[] = [node, postgresql, migrations];
