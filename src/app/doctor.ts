import type { Config } from '../config.ts';
import { type Inspection, openInspection } from '../data/inspection.ts';
import { examine } from '../doctor/examine.ts';
import { type Report, type Status, summarise } from '../doctor/finding.ts';
import { AisleError } from '../kernel/errors.ts';
import { productionProblems } from './production-problems.ts';
import { VERSION } from './version.ts';

export type { Report, Status };

/** Looks at the settings and at the database that they name, in whatever state it is, and changes nothing. */
export async function diagnose(config: Config): Promise<Report> {
  const opened = await open(config);
  try {
    const unfit = productionProblems(config).map(({ said }) => said);
    const findings = await examine({ ...config, unfit }, opened);
    return { version: VERSION, database: placeOf(config), summary: summarise(findings), findings };
  } finally {
    if (!(opened instanceof AisleError)) await opened.close();
  }
}

/** That it can't be opened is a finding, not a failure. */
async function open({ DATABASE_URL, DATA_DIR }: Config): Promise<Inspection | AisleError> {
  try {
    return await openInspection(DATABASE_URL === undefined ? { directory: DATA_DIR } : { url: DATABASE_URL });
  } catch (error) {
    if (error instanceof AisleError) return error;
    throw error;
  }
}

/** Where it looked, without user and password. */
function placeOf({ DATABASE_URL, DATA_DIR }: Config): string {
  if (DATABASE_URL === undefined) return DATA_DIR;
  const url = new URL(DATABASE_URL);
  return `${url.host || url.searchParams.get('host') || 'localhost'}${url.pathname}`;
}
