import { isUuid } from '../kernel/uuid.ts';
import type { Headers } from './authenticator.ts';

/** Without authentication it tells who calls, with authentication which one store of the caller's is meant. */
export const IDENTITY_HEADER = 'x-rls-user-id';

const NIL = '00000000-0000-0000-0000-000000000000';

/** The id in the header, in lower case; undefined when there is none. A header sent twice is malformed. */
export function readIdentity(headers: Headers): string | 'malformed' | undefined {
  const value = headers[IDENTITY_HEADER];
  if (value === undefined) return undefined;
  const id = typeof value === 'string' ? value.toLowerCase() : '';
  return isUuid(id) && id !== NIL ? id : 'malformed';
}
