import { Client } from 'pg';
import { connectFailure } from './owner-errors.ts';

const CONNECT_MS = 10_000;

/** A session of the URL's user. Throws `ConfigurationError`, `UnavailableError`, which tell why there is none. */
export async function connectOwner(url: string): Promise<Client> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: CONNECT_MS });
  // Without a listener a connection that the server drops would end the process; the next use reports it.
  client.on('error', () => {});
  try {
    await client.connect();
  } catch (error) {
    await client.end().catch(() => {});
    throw connectFailure(error);
  }
  return client;
}
