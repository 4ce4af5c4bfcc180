import type { InspectionFacts } from '../../data/inspection.ts';
import type { Patient, Settings } from '../check.ts';

const SETTINGS: Settings = {
  HOST: '127.0.0.1',
  ENVIRONMENT: 'development',
  OIDC_ISSUERS: [],
  API_KEYS: false,
  DATABASE_URL: 'postgres://owner@127.0.0.1:5432/shop',
  REQUEST_TIMEOUT_SECONDS: 60,
  DB_POOL_MAX: 10,
  DB_POOL_MIN: 2,
  DB_SERVERS: 1,
  DB_APPLICATION_NAME: 'aisle',
  DB_STATEMENT_TIMEOUT_SECONDS: 30,
  DB_WORK_MEM: '8MB',
  TOOL_TIMEOUT_SECONDS: 5,
  MAX_CONCURRENT_TOOLS: 100,
  SQL_EXTRA_FUNCTIONS: [],
  unfit: [],
};

const FACTS: InspectionFacts = {
  kind: 'postgres',
  address: '127.0.0.1:5432',
  isRemote: false,
  tls: undefined,
  isPooled: false,
  database: 'shop',
  user: 'owner',
  isSuperuser: false,
  reader: 'aisle_reader_shop',
  readerExists: true,
  hasTenantTables: true,
  clockAheadMs: 0,
  migrations: { applied: ['0001_schemas'], pending: [], unknown: [] },
};

/** Settings that nothing is wrong with, but for what is given. */
export const settingsWith = (more: Partial<Settings> = {}): Settings => ({ ...SETTINGS, ...more });

/** A server of one's own on this machine, in good order but for what is given. */
export const patientWith = (
  facts: Partial<InspectionFacts> = {},
  settings: Partial<Settings> = {},
): Patient => ({
  facts: { ...FACTS, ...facts },
  settings: settingsWith(settings),
});
