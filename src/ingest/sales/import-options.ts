import { ValidationError } from '../../kernel/errors.ts';
import type { FieldMap } from './fields.ts';
import { type SalesProfile, salesProfile } from './profiles.ts';

export interface ImportOptions {
  /** Name of a profile; what the other options say comes before it. */
  readonly profile?: string;
  readonly fields?: FieldMap;
  /** Column whose values name the stores. */
  readonly storeBy?: string;
  /** Slug of the one store that all lines belong to. */
  readonly store?: string;
  /** ISO 4217 currency of the file. Default of the profile, else USD. */
  readonly currency?: string;
  /** IANA zone of dates that name none. Default of the profile, else UTC. */
  readonly timezone?: string;
  /** Beginning of the order numbers of cancellations; none when empty. Default of the profile, else none. */
  readonly cancellationPrefix?: string;
  /** One character; default `,`. */
  readonly delimiter?: string;
  /** Lines stored together, default 250,000: what they take in memory, against statements for each segment. */
  readonly segmentLines?: number;
  /** Where rejected lines are written. Not made when there are none. */
  readonly rejectsFile: string;
}

/** Options with every question answered. */
export interface ImportPlan {
  readonly fields: FieldMap;
  /** Null when a column tells. */
  readonly store: string | null;
  readonly currency: string;
  readonly timezone: string;
  readonly cancellationPrefix: string;
  readonly delimiter: string;
  readonly segmentLines: number;
  readonly rejectsFile: string;
}

const NO_PROFILE: SalesProfile = { fields: {}, currency: 'USD', timezone: 'UTC', cancellationPrefix: '' };

/** Throws `ValidationError`. */
export function planImport(options: ImportOptions): ImportPlan {
  const profile = options.profile === undefined ? NO_PROFILE : salesProfile(options.profile);
  const { store: storeColumn, ...fields }: FieldMap = { ...profile.fields, ...options.fields };
  if (options.store !== undefined && options.storeBy !== undefined) {
    throw new ValidationError(
      'Give either --store or --store-by: one store for all lines, or the column that names it.',
    );
  }
  const column = options.storeBy ?? storeColumn;
  if (options.store === undefined && column === undefined) {
    throw new ValidationError(
      'Nothing tells the store: give --store-by COLUMN, or --store SLUG for all lines.',
    );
  }
  const plan: ImportPlan = {
    fields: options.store !== undefined || column === undefined ? fields : { ...fields, store: column },
    store: options.store ?? null,
    currency: options.currency ?? profile.currency,
    timezone: options.timezone ?? profile.timezone,
    cancellationPrefix: options.cancellationPrefix ?? profile.cancellationPrefix,
    delimiter: options.delimiter ?? ',',
    segmentLines: options.segmentLines ?? 250_000,
    rejectsFile: options.rejectsFile,
  };
  check(plan);
  return plan;
}

function check(plan: ImportPlan): void {
  if (
    plan.store !== null &&
    (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(plan.store) || plan.store === 'head-office')
  ) {
    throw new ValidationError(
      `--store ${plan.store}: a store's slug is lower-case letters, digits and hyphens, and not "head-office".`,
    );
  }
  if (!/^[A-Z]{3}$/.test(plan.currency)) {
    throw new ValidationError(`--currency ${plan.currency}: give an ISO 4217 code, such as GBP.`);
  }
  if (!/^[^"\r\n\0]$/.test(plan.delimiter))
    throw new ValidationError('--delimiter: give one character, and not a quote.');
  if (/^\s/.test(plan.cancellationPrefix)) {
    throw new ValidationError(
      '--cancellation-prefix: begin with no space. Spaces around order numbers are taken off, so it would fit none.',
    );
  }
  try {
    new Intl.DateTimeFormat('en', { timeZone: plan.timezone });
  } catch (cause) {
    throw new ValidationError(
      `--timezone ${plan.timezone}: give a name of the IANA database, such as Europe/London.`,
      { cause },
    );
  }
  if (!/^[A-Za-z][A-Za-z0-9_+/-]*$/.test(plan.timezone)) {
    throw new ValidationError(
      `--timezone ${plan.timezone}: give a name of the IANA database, such as Europe/London.`,
    );
  }
}
