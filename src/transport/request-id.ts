import { randomUUID } from 'node:crypto';

const WELL_FORMED = /^[A-Za-z0-9._-]{1,64}$/;
const LONGEST_KEPT = 58;

/** The caller's id when it is well-formed, else a new one: what comes from outside goes into logs and headers. */
export function requestIdFrom(header: string | readonly string[] | undefined): string {
  return wellFormedId(header) ?? randomUUID();
}

/** What a client calls something by, if it may go into logs and headers as it is. */
export function wellFormedId(header: string | readonly string[] | undefined): string | undefined {
  return typeof header === 'string' && WELL_FORMED.test(header) ? header : undefined;
}

/** Ids for the calls of one HTTP request: its own, then `id.2`, `id.3` for a JSON-RPC batch. */
export function callIds(requestId: string): () => string {
  let count = 0;
  return () => {
    count += 1;
    return count === 1 ? requestId : `${requestId.slice(0, LONGEST_KEPT)}.${count}`;
  };
}
