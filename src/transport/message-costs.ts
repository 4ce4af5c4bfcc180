/**
 * What messages cost their caller, in points of its rate, before they are answered. What is called costs what it says
 * itself, where it runs (src/pipeline/limit-rate.ts); and whoever is over the limit may still stop what runs.
 */
const COSTS: ReadonlyMap<unknown, number> = new Map([
  ['tools/call', 0],
  ['resources/read', 0],
  ['completion/complete', 0],
  ['notifications/cancelled', 0],
]);
/** Of lists, pings, what begins a session, what is unknown, and what is no message. */
const USUAL_COST = 1;

/** How many messages a body holds: one, or those of a batch. What is no batch counts as one, whatever it is. */
export function messagesOf(body: unknown): readonly unknown[] {
  return Array.isArray(body) && body.length > 0 ? body : [body];
}

export function costOf(body: unknown): number {
  return messagesOf(body).reduce<number>(
    (sum, message) => sum + (COSTS.get(methodOf(message)) ?? USUAL_COST),
    0,
  );
}

function methodOf(message: unknown): unknown {
  return typeof message === 'object' && message !== null && 'method' in message ? message.method : undefined;
}
