import { type Allowance, resetSeconds } from '../kernel/allowance.ts';

/**
 * What is left of a limit, as draft-ietf-httpapi-ratelimit-headers-11 has it: `q` points in `w` seconds, of which `r` are
 * left for the next `t` seconds. Of several calls in one request the one that left least counts.
 */
export function rateHeaders(allowances: readonly Allowance[]): Readonly<Record<string, string>> {
  if (allowances.length === 0) return {};
  const least = allowances.reduce((a, b) => (b.remaining < a.remaining || !b.allowed ? b : a));
  const { name, limit, periodSeconds } = least.policy;
  return {
    'RateLimit-Policy': `"${name}";q=${limit};w=${periodSeconds}`,
    RateLimit: `"${name}";r=${least.remaining};t=${resetSeconds(least)}`,
  };
}
