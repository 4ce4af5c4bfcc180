import { ValidationError } from '../kernel/errors.ts';
import type { Concern } from './call.ts';
import { quotable } from './nearest-name.ts';

/** PostgreSQL has no text with a NUL in it: refused here, where the argument can be named, it fails no statement. */
export function refuseNul(): Concern {
  return (next) => async (call) => {
    const { variables, judgesText = false } = call.target;
    const path = judgesText ? undefined : pathToNul(variables ?? call.args);
    if (path === undefined) return next(call);
    const field = quotable(path.join('.'));
    const why = 'must not have a NUL character (U+0000) in it. Take it out.';
    throw new ValidationError(`Field '${field}' is not valid: ${why}`, { data: { fields: [field] } });
  };
}

/** Of the first text that has one, be it a name. */
function pathToNul(value: unknown): readonly string[] | undefined {
  if (typeof value === 'string') return value.includes('\0') ? [] : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, item] of Object.entries(value)) {
    const path = key.includes('\0') ? [] : pathToNul(item);
    if (path !== undefined) return [key, ...path];
  }
  return undefined;
}
