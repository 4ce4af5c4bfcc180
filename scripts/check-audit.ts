/**
 * Fails when the registry knows a hole of severity high or critical in what users install. A registry that answers no audit,
 * or none that is reached, is no failure, and it is said.
 */
import { spawnSync } from 'node:child_process';
import { judgeAudit } from './audit.ts';

const SECONDS = 60;

const { stdout, error } = spawnSync(
  'npm',
  ['audit', '--omit=dev', '--json', '--fetch-retries=0', `--fetch-timeout=${(SECONDS / 2) * 1000}`],
  { encoding: 'utf8', timeout: SECONDS * 1000, maxBuffer: 64 * 1024 * 1024 },
);
const { passed, said } = judgeAudit(error === undefined ? stdout : '');
process.stderr.write(`${said}\n`);
process.exitCode = passed ? 0 : 1;
