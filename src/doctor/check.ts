import { z } from 'zod';
import type { Inspection, InspectionFacts } from '../data/inspection.ts';
import { AisleError } from '../kernel/errors.ts';
import type { ProofSettings } from '../kernel/proofs.ts';
import type { Finding } from './finding.ts';

/** The settings that are judged, or that a database is judged by; names and units are those of the configuration. */
export interface Settings extends ProofSettings {
  readonly HOST: string;
  readonly ENVIRONMENT: string;
  readonly DATABASE_URL?: string | undefined;
  readonly REDIS_URL?: string | undefined;
  readonly REQUEST_TIMEOUT_SECONDS: number;
  readonly DB_POOL_MAX: number;
  readonly DB_POOL_MIN: number;
  readonly DB_SERVERS: number;
  readonly DB_APPLICATION_NAME: string;
  readonly DB_STATEMENT_TIMEOUT_SECONDS: number;
  readonly DB_WORK_MEM: string;
  readonly TOOL_TIMEOUT_SECONDS: number;
  readonly MAX_CONCURRENT_TOOLS: number;
  readonly SQL_EXTRA_FUNCTIONS: readonly string[];
  /** Why serving refuses these settings outside of development, a sentence each. */
  readonly unfit: readonly string[];
}

/** What a judgement may know beside the rows of its query. */
export interface Patient {
  readonly settings: Settings;
  readonly facts: InspectionFacts;
}

export type Verdict = Pick<Finding, 'status' | 'found' | 'mend'>;

export const ok = (found: string): Verdict => ({ status: 'ok', found });
export const warn = (found: string, mend: string): Verdict => ({ status: 'warn', found, mend });
export const fail = (found: string, mend: string): Verdict => ({ status: 'fail', found, mend });
export const skipped = (found: string): Verdict => ({ status: 'skipped', found });

interface Named {
  readonly group: string;
  /** Unique in its group; docs/doctor.md has a line about it. */
  readonly name: string;
}

export interface Check extends Named {
  /** Never rejects: what could not be looked at is a finding too. */
  examine(settings: Settings, inspection: Inspection | undefined): Promise<Verdict>;
}

/** What a check needs of the database beside being there. */
const NEEDS = {
  migrated: {
    met: ({ migrations }: InspectionFacts) => (migrations?.applied.length ?? 0) > 0,
    otherwise: 'the database has never been migrated',
  },
  tenants: {
    met: ({ hasTenantTables }: InspectionFacts) => hasTenantTables,
    otherwise: 'no table has a store_id',
  },
  reader: {
    met: ({ readerExists }: InspectionFacts) => readerExists,
    otherwise: 'the role that queries run as does not exist',
  },
  login: {
    met: ({ kind, readerExists }: InspectionFacts) => kind === 'postgres' && readerExists,
    otherwise: 'there is no query login',
  },
  server: {
    met: ({ kind }: InspectionFacts) => kind === 'postgres',
    otherwise: 'about servers only',
  },
  embedded: {
    met: ({ kind }: InspectionFacts) => kind === 'embedded',
    otherwise: 'about the embedded database only',
  },
  superuser: {
    met: ({ kind, isSuperuser }: InspectionFacts) => kind === 'postgres' && isSuperuser,
    otherwise: 'only a superuser of a server can see it',
  },
};

interface FactsSpec extends Named {
  readonly needs?: keyof typeof NEEDS;
  judge(patient: Patient): Verdict;
}

interface RowsSpec<Row extends z.ZodType> extends Named {
  readonly needs?: keyof typeof NEEDS;
  /** One statement. What it names it names with its schema: the search path is pg_catalog alone. */
  readonly query: string;
  readonly values?: (patient: Patient) => readonly unknown[];
  readonly row: Row;
  judge(rows: readonly z.output<Row>[], patient: Patient): Verdict;
}

/** A check of the settings alone. */
export function settingsCheck<Spec extends Named & { judge(settings: Settings): Verdict }>(
  spec: Spec,
): Spec & Check {
  return { ...spec, examine: async (settings) => spec.judge(settings) };
}

/** A check of how the database was reached. */
export function factsCheck<Spec extends FactsSpec>(spec: Spec): Spec & Check {
  return {
    ...spec,
    examine: async (settings, inspection) =>
      whyNot(spec.needs, inspection) ?? spec.judge({ settings, facts: (inspection as Inspection).facts }),
  };
}

/** A check of the rows of one query. */
export function rowsCheck<Row extends z.ZodType>(spec: RowsSpec<Row>): RowsSpec<Row> & Check {
  const rowsOf = z.array(spec.row);
  return {
    ...spec,
    async examine(settings, inspection) {
      if (inspection === undefined) return NO_DATABASE;
      const patient = { settings, facts: inspection.facts };
      const skip = whyNot(spec.needs, inspection);
      if (skip !== undefined) return skip;
      try {
        const rows = await inspection.rows(spec.query, spec.values?.(patient));
        return spec.judge(rowsOf.parse(rows), patient);
      } catch (error) {
        if (!(error instanceof AisleError)) throw error;
        return fail(
          `could not be looked at: ${error.message}`,
          'Look as the user that owns the database, the one that Aisle serves with.',
        );
      }
    },
  };
}

const NO_DATABASE = skipped('the database was not reached');

function whyNot(needs: FactsSpec['needs'], inspection: Inspection | undefined): Verdict | undefined {
  if (inspection === undefined) return NO_DATABASE;
  if (needs === undefined || NEEDS[needs].met(inspection.facts)) return undefined;
  return skipped(NEEDS[needs].otherwise);
}

/** A name as SQL that is shown to be copied has it: a database that is not in order may hold any. */
export function sqlName(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

/** `a, b, c and 4 more`, for messages. */
export function listed(names: readonly string[], most = 6): string {
  if (names.length <= most) return names.join(', ');
  return `${names.slice(0, most).join(', ')} and ${names.length - most} more`;
}
