import { isLoopback } from './loopback.ts';

/** The settings that decide how bytes travel between a client and Aisle. */
export interface Listening {
  readonly HOST: string;
  readonly TLS_CERT_FILE?: string | undefined;
  readonly TRUSTED_PROXIES: readonly string[];
}

/**
 * Whether credentials would cross a network unencrypted: plain HTTP on an address that other machines reach, and no proxy
 * in front that is known to speak TLS with the clients.
 */
export function servesInClearText({ HOST, TLS_CERT_FILE, TRUSTED_PROXIES }: Listening): boolean {
  return !isLoopback(HOST) && TLS_CERT_FILE === undefined && TRUSTED_PROXIES.length === 0;
}
