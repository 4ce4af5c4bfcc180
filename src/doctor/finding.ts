import { z } from 'zod';

/** `skipped` was not looked at, and `found` says why. Only `fail` makes the whole fail. */
const STATUSES = ['ok', 'warn', 'fail', 'skipped'] as const;

const FINDING = z.object({
  group: z.string(),
  check: z.string(),
  status: z.enum(STATUSES),
  found: z.string(),
  /** What to do about it; with `warn` and `fail` always. */
  mend: z.string().optional(),
});

/** What `aisle doctor --json` prints. */
export const REPORT = z.object({
  version: z.string(),
  /** Where it looked: `host:port/database`, or the data directory. */
  database: z.string(),
  summary: z.record(z.enum(STATUSES), z.int()),
  findings: z.array(FINDING),
});

export type Finding = z.output<typeof FINDING>;
export type Status = Finding['status'];
export type Report = z.output<typeof REPORT>;

export function summarise(findings: readonly Finding[]): Report['summary'] {
  const summary = { ok: 0, warn: 0, fail: 0, skipped: 0 };
  for (const { status } of findings) summary[status] += 1;
  return summary;
}
