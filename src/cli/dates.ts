import { InvalidArgumentError } from 'commander';
import { z } from 'zod';

// `Date` takes 2026-02-31 for the third of March, and a time without a zone for this machine's.
const DAY = z.iso.date();
const TIME = z.iso.datetime({ offset: true });

/** A day of the calendar, `2026-01-31`. Throws `InvalidArgumentError`. */
export function isoDay(text: string): string {
  if (DAY.safeParse(text).success) return text;
  throw new InvalidArgumentError('It must be a date, 2026-01-31.');
}

/** A time with its zone, or the beginning of a day in UTC. Throws `InvalidArgumentError`. */
export function isoTime(text: string): Date {
  if (DAY.safeParse(text).success || TIME.safeParse(text).success) return new Date(text);
  throw new InvalidArgumentError('It must be a time or a date, 2026-01-31T12:00:00Z or 2026-01-31.');
}
