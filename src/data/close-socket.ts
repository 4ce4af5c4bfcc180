import type { ClientBase } from 'pg';

/** Ends a connection at once; PostgreSQL rolls back what it was doing. @types/pg keeps the socket to itself. */
export function closeSocket(client: ClientBase): void {
  (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
}
