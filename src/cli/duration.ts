import { InvalidArgumentError } from 'commander';

const UNIT_MS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const MAX_DAYS = 3650;

/** Milliseconds of `30m`, `12h` or `90d`. Throws `InvalidArgumentError`. */
export function durationMs(text: string): number {
  const [, count = '', unit = ''] = /^([1-9]\d{0,5})([mhd])$/.exec(text) ?? [];
  const ms = Number(count) * (UNIT_MS[unit as keyof typeof UNIT_MS] ?? 0);
  if (ms === 0 || ms > MAX_DAYS * UNIT_MS.d)
    throw new InvalidArgumentError(`It must be a time like 30m, 12h or 90d, ${MAX_DAYS} days at most.`);
  return ms;
}
