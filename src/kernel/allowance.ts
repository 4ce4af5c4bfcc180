/** What a limit lets pass: so many points within so many seconds, for each caller or each address. */
export interface RatePolicy {
  /** Short and fixed, for headers: `caller`, `address`. */
  readonly name: string;
  readonly limit: number;
  readonly periodSeconds: number;
}

/** What is left of a limit after something was counted. */
export interface Allowance {
  readonly policy: RatePolicy;
  readonly allowed: boolean;
  /** Points that are left until the window ends; 0 when refused. */
  readonly remaining: number;
  /** Milliseconds until the window ends and all points are there again: when refused, how long to wait. */
  readonly resetMs: number;
}

/** Whole seconds to wait, as headers and messages say it: at least 1, so that nobody tries again at once. */
export function resetSeconds({ resetMs }: Allowance): number {
  return Math.max(1, Math.ceil(resetMs / 1000));
}
