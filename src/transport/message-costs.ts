/** How many messages a body holds: one, or those of a batch. What is no batch counts as one, whatever it is. */
export function messagesOf(body: unknown): readonly unknown[] {
  return Array.isArray(body) && body.length > 0 ? body : [body];
}

/**
 * What a body costs its caller, in points of its rate, before it is answered: one for each message, whatever it is and
 * whether or not anything comes of it. Only to cancel is free: whoever is over the limit may still stop what runs.
 */
export function costOf(body: unknown): number {
  return messagesOf(body).filter((message) => !isCancellation(message)).length;
}

/** With an id it would be a request, and answered. */
function isCancellation(message: unknown): boolean {
  return (
    typeof message === 'object' &&
    message !== null &&
    'method' in message &&
    message.method === 'notifications/cancelled' &&
    !('id' in message)
  );
}
