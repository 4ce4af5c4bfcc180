import type { EventStore, JSONRPCMessage } from '@modelcontextprotocol/server';

/** What one session's streams have carried, for clients that come back with `Last-Event-ID`. */
export interface SessionEvents extends EventStore {
  /** Drops all of it. */
  forget(): void;
}

export interface EventLog {
  open(): SessionEvents;
}

interface Event {
  readonly streamId: string;
  /** JSON; empty for an event that only gives out an id. */
  readonly text: string;
}

interface Shelf {
  readonly events: Map<string, Event>;
  bytes: number;
}

/** What an event costs beside its text, about. */
const OVERHEAD = 200;

/**
 * Keeps the latest events of all sessions, `maxBytes` together. When there are more, the session that holds the most
 * loses its oldest, so that none pushes out what others have. A client that asks for events after one that is gone is
 * refused: it is never answered with a gap.
 */
export function createEventLog(maxBytes: number): EventLog {
  const shelves = new Set<Shelf>();
  let total = 0;
  let count = 0;

  const drop = (shelf: Shelf, id: string): void => {
    const bytes = costOf(shelf.events.get(id));
    if (shelf.events.delete(id)) {
      shelf.bytes -= bytes;
      total -= bytes;
    }
  };
  const makeRoom = (): void => {
    while (total > maxBytes) {
      let largest: Shelf = { events: new Map(), bytes: -1 };
      for (const shelf of shelves) if (shelf.bytes > largest.bytes) largest = shelf;
      const [oldest] = largest.events.keys();
      if (oldest === undefined) return;
      drop(largest, oldest);
    }
  };

  return {
    open() {
      const shelf: Shelf = { events: new Map(), bytes: 0 };
      shelves.add(shelf);
      return {
        async storeEvent(streamId, message) {
          count += 1;
          const id = String(count);
          const event = { streamId, text: 'jsonrpc' in message ? JSON.stringify(message) : '' };
          shelf.events.set(id, event);
          shelf.bytes += costOf(event);
          total += costOf(event);
          makeRoom();
          return id;
        },
        getStreamIdForEventId: async (id) => shelf.events.get(id)?.streamId,
        async replayEventsAfter(last, { send }) {
          const streamId = shelf.events.get(last)?.streamId ?? '';
          const ids = [...shelf.events.keys()];
          for (const id of ids.slice(ids.indexOf(last) + 1)) {
            const event = shelf.events.get(id);
            if (event?.streamId !== streamId || event.text === '') continue;
            await send(id, JSON.parse(event.text) as JSONRPCMessage);
          }
          return streamId;
        },
        forget() {
          shelves.delete(shelf);
          total -= shelf.bytes;
          shelf.events.clear();
          shelf.bytes = 0;
        },
      };
    },
  };
}

function costOf(event: Event | undefined): number {
  return event === undefined ? 0 : event.text.length + OVERHEAD;
}
