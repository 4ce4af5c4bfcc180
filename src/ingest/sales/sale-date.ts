const DATE =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6}))?)?)?\s?(Z|[+-]\d{2}(?::?\d{2})?)?$/;

/** `text` sorts by time among dates of the same `zoned`: UTC when zoned, else wall-clock time of the file. */
export interface SaleDate {
  readonly text: string;
  readonly zoned: boolean;
}

/** Reads ISO 8601, with a space or a T, time and zone optional; undefined when it is none or no day of the calendar. */
export function parseSaleDate(text: string): SaleDate | undefined {
  const parts = DATE.exec(text);
  if (parts === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts
    .slice(1, 7)
    .map((part) => Number(part ?? 0));
  const at = new Date(0);
  at.setUTCFullYear(year, month - 1, day);
  at.setUTCHours(hour, minute, second);
  if (
    year < 1 ||
    at.getUTCMonth() !== month - 1 ||
    at.getUTCDate() !== day ||
    hour > 23 ||
    minute > 59 ||
    second > 59
  ) {
    return undefined;
  }
  const zone = parts[8];
  if (zone !== undefined && zone !== 'Z') {
    const [hours = 0, minutes = 0] = [Number(zone.slice(1, 3)), Number(zone.slice(3).replace(':', ''))];
    if (hours > 15 || minutes > 59) return undefined;
    at.setTime(at.getTime() - (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000);
    if (at.getUTCFullYear() < 1 || at.getUTCFullYear() > 9999) return undefined;
  }
  const fraction = parts[7] === undefined ? '' : `.${parts[7]}`;
  return { text: at.toISOString().slice(0, 19).replace('T', ' ') + fraction, zoned: zone !== undefined };
}
