import type { ServerResponse } from 'node:http';
import type { Hearing } from '../kernel/hearing.ts';
import type { SessionEvents } from './event-log.ts';

/** What the SDK calls the stream of a session that no request began. */
const STANDING = '_GET_stream';

/**
 * The stream on which a session's client hears what is told between two of its requests. It opens it with a GET, may
 * close it, and open it again.
 */
export interface StandingStream extends Hearing {
  /** Notes a request that has been answered. */
  answered(request: Request, answer: Response, response: ServerResponse): Promise<void>;
}

export function createStandingStream(events: SessionEvents): StandingStream {
  let open = 0;
  let heardAgain = (): void => {};

  const isStanding = async ({ method, headers }: Request): Promise<boolean> => {
    if (method !== 'GET') return false;
    // Who comes back with an event's id goes on with the stream of that event, which may be a call's.
    const last = headers.get('last-event-id');
    return !last || (await events.getStreamIdForEventId?.(last)) === STANDING;
  };

  return {
    get isHeard() {
      return open > 0;
    },
    onHeardAgain(listener) {
      heardAgain = listener;
    },
    async answered(request, answer, response) {
      if (!answer.ok || !(await isStanding(request)) || response.destroyed) return;
      open += 1;
      response.once('close', () => {
        open -= 1;
      });
      heardAgain();
    },
  };
}
