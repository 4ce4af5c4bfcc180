import { z } from 'zod';
import type { InspectionFacts } from '../../data/inspection.ts';
import { AisleError } from '../../kernel/errors.ts';
import { type Check, factsCheck, fail, listed, ok, rowsCheck, type Verdict, warn } from '../check.ts';

const group = 'connection';

/** Whether the database could be opened for looking at all. */
export function judgeReach(opened: InspectionFacts | AisleError): Verdict {
  if (!(opened instanceof AisleError))
    return ok(`${opened.address}, database ${opened.database}, as ${opened.user}`);
  const { message, cause } = opened;
  const why = cause instanceof Error ? cause.message || ('code' in cause ? String(cause.code) : '') : '';
  return fail(
    why === '' ? message : `${message} (${why})`,
    'Nothing in the database was looked at: mend this first, then run "aisle doctor" again.',
  );
}

export const encryption = factsCheck({
  group,
  name: 'tls',
  judge({ facts: { tls, isRemote, address } }) {
    if (tls === undefined) {
      return isRemote
        ? fail(
            `the connection to ${address} is not encrypted: whoever is on the way reads and changes it`,
            'Turn ssl on in the server, and add ?sslmode=verify-full to DATABASE_URL (with sslrootcert=… for a certificate authority of your own).',
          )
        : ok('not encrypted, and it does not leave this machine');
    }
    if (!tls.isVerified && isRemote) {
      return warn(
        `${tls.protocol}, but nobody checks that the server is the right one`,
        'Add ?sslmode=verify-full to DATABASE_URL (with sslrootcert=… for a certificate authority of your own).',
      );
    }
    return ok(`${tls.protocol}${tls.isVerified ? ', certificate verified' : ''}`);
  },
});

export const passwordEncryption = rowsCheck({
  group,
  name: 'password encryption',
  needs: 'server',
  query: `SELECT current_setting('password_encryption') AS method`,
  row: z.object({ method: z.string() }),
  judge: ([row]) =>
    row?.method === 'scram-sha-256'
      ? ok('scram-sha-256')
      : warn(
          `new passwords are stored as ${row?.method}, which is good for logging in as it stands`,
          "Set password_encryption = 'scram-sha-256' and give every role its password anew.",
        ),
});

export const storedPasswords = rowsCheck({
  group,
  name: 'stored passwords',
  needs: 'superuser',
  query: `SELECT rolname AS name FROM pg_authid WHERE rolcanlogin AND rolpassword LIKE 'md5%' ORDER BY 1`,
  row: z.object({ name: z.string() }),
  judge: (roles) =>
    roles.length === 0
      ? ok('none is stored as md5')
      : warn(
          `stored as md5: ${listed(roles.map(({ name }) => name))}`,
          'Give each its password anew: ALTER ROLE … PASSWORD …, or \\password in psql.',
        ),
});

/** Who gets in without proving anything; `isHere` when the rule is for this machine or its sockets only. */
export const clientAuthentication = rowsCheck({
  group,
  name: 'client authentication',
  needs: 'superuser',
  query: `SELECT line_number AS line, auth_method AS method,
      type = 'local' OR address IN ('127.0.0.1', '::1', 'localhost', 'samehost') AS "isHere"
    FROM pg_hba_file_rules
    WHERE auth_method IN ('trust', 'password') AND database && ARRAY['all', current_database()::text] ORDER BY 1`,
  row: z.object({ line: z.int(), method: z.string(), isHere: z.boolean().nullable() }),
  judge(rules) {
    const lines = listed(rules.map(({ line, method }) => `line ${line} (${method})`));
    const mend = 'Write scram-sha-256 there, then SELECT pg_reload_conf().';
    if (rules.some(({ isHere, method }) => isHere !== true && method === 'trust'))
      return fail(`pg_hba.conf lets other machines in without a password: ${lines}`, mend);
    if (rules.length > 0)
      return warn(`pg_hba.conf lets in without a password, or has it sent as it is: ${lines}`, mend);
    return ok('pg_hba.conf asks everybody for proof');
  },
});

const SKEW_WARN_MS = 1000;
const SKEW_FAIL_MS = 60_000;

export const clock = factsCheck({
  group,
  name: 'clock',
  judge({ facts: { clockAheadMs } }) {
    const amount = Math.abs(clockAheadMs);
    const found = `the database is ${amount} ms ${clockAheadMs < 0 ? 'behind' : 'ahead of'} this machine`;
    const mend =
      'Let both machines follow a time server (chrony, systemd-timesyncd). Contexts are signed by the clock of the database, but days, logs and certificates follow that of this machine.';
    if (amount > SKEW_FAIL_MS) return fail(found, mend);
    return amount > SKEW_WARN_MS ? warn(found, mend) : ok(found);
  },
});

export const CONNECTION: readonly Check[] = [
  encryption,
  passwordEncryption,
  storedPasswords,
  clientAuthentication,
  clock,
];
