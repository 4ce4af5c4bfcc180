import { SEARCH_PATH } from './tables.ts';

/** PostgreSQL settings by name. */
export type Settings = Readonly<Record<string, string>>;

export interface SessionLimits {
  /** PostgreSQL's `work_mem` for a query, e.g. `8MB`. */
  readonly workMem: string;
  /** Milliseconds that a query waits for a lock. */
  readonly lockTimeoutMs: number;
  /** Milliseconds that a query may take in the database at most. */
  readonly statementTimeoutMs: number;
}

/**
 * What a session that callers' queries run in is to have, whoever asks: its login begins with them and RESET ALL goes back
 * to them. Where a session has others, each query says them again.
 */
export function sessionSettings(limits: SessionLimits): Settings {
  return {
    lock_timeout: `${limits.lockTimeoutMs}ms`,
    idle_in_transaction_session_timeout: `${limits.statementTimeoutMs}ms`,
    work_mem: limits.workMem,
    hash_mem_multiplier: '1', // a hash table gets work_mem and no multiple of it
    max_parallel_workers_per_gather: '0', // a worker would take work_mem and a core of its own
    jit: 'off', // compiling takes memory that no setting bounds
    search_path: SEARCH_PATH.join(', '),
    TimeZone: 'UTC',
    DateStyle: 'ISO, YMD',
    IntervalStyle: 'iso_8601',
    bytea_output: 'hex',
    extra_float_digits: '1',
    standard_conforming_strings: 'on', // as the guard's parser assumes
    'hnsw.ef_search': '150', // neighbours that a search by meaning looks at first: bench/README.md
    'hnsw.iterative_scan': 'relaxed_order', // and further ones until enough pass its conditions; it sorts them itself
    'hnsw.max_scan_tuples': '10000', // of them: enough where one in a hundred passes; where 5,000 or fewer do, search compares those
  };
}
