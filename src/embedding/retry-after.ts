/** Whatever a provider says, it is looked at again after this: a date that is wrong must not shut it out for ever. */
const LONGEST_REST_MS = 3_600_000;

/**
 * How long a provider asks to be left alone, in milliseconds: `retry-after-ms` and `x-ms-retry-after-ms` (Azure), else
 * `Retry-After` in seconds or as a date. Undefined when it says nothing that can be understood. `now`: milliseconds since 1970.
 */
export function retryAfterMs(headers: Headers, now: number): number | undefined {
  const inMs = headers.get('retry-after-ms') ?? headers.get('x-ms-retry-after-ms');
  const standard = headers.get('retry-after');
  const asked = numberIn(inMs) ?? secondsIn(standard) ?? untilDate(standard, now);
  return asked === undefined ? undefined : Math.min(Math.max(asked, 0), LONGEST_REST_MS);
}

function numberIn(text: string | null): number | undefined {
  return text !== null && /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : undefined;
}

function secondsIn(text: string | null): number | undefined {
  const seconds = numberIn(text);
  return seconds === undefined ? undefined : seconds * 1000;
}

/** Only what begins with a weekday: `Date.parse` takes `-5` for a day in 2001. */
function untilDate(text: string | null, now: number): number | undefined {
  const at = text !== null && /^[A-Z][a-z]{2,8},? /.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? undefined : at - now;
}
