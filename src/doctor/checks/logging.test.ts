import { expect, it } from 'vitest';
import { patientWith } from '../testing/patient.ts';
import { statementStatistics, statements } from './logging.ts';

const QUIET = {
  log_statement: 'ddl',
  log_min_duration_statement: '-1',
  log_min_duration_sample: '-1',
  log_transaction_sample_rate: '0',
  log_parameter_max_length_on_error: '0',
};

it.each([
  [{}, 'ok', 'queries that succeed are not written to the log of the server'],
  [{ log_statement: 'all' }, 'warn', 'log_statement = all:'],
  [{ log_min_duration_statement: '0' }, 'warn', 'log_min_duration_statement = 0:'],
  [{ log_min_duration_sample: '100ms' }, 'warn', 'log_min_duration_sample = 100ms:'],
  [{ log_transaction_sample_rate: '0.1' }, 'warn', 'log_transaction_sample_rate = 0.1:'],
  [{ log_parameter_max_length_on_error: '-1' }, 'warn', 'log_parameter_max_length_on_error = -1:'],
  [{ 'auto_explain.log_min_duration': '-1' }, 'ok', 'queries that succeed'],
  [{ 'auto_explain.log_min_duration': '0' }, 'warn', 'auto_explain.log_min_duration = 0:'],
])('settings of the log: %j', (more, status, found) => {
  const rows = Object.entries({ ...QUIET, ...more }).map(([name, value]) => ({ name, value }));
  const verdict = statements.judge(rows, patientWith());
  expect(verdict.status).toBe(status);
  expect(verdict.found.startsWith(found), verdict.found).toBe(true);
});

it.each([
  ['absent', [], 'ok'],
  ['out of reach', [{ schema: 'public', isReadable: false }], 'ok'],
  ['readable', [{ schema: 'public', isReadable: true }], 'fail'],
])('pg_stat_statements %s', (_what, rows, status) => {
  expect(statementStatistics.judge(rows, patientWith()).status).toBe(status);
});
