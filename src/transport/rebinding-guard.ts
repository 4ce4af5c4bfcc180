import { validateHostHeader } from '@modelcontextprotocol/server';
import { isLoopback } from '../kernel/loopback.ts';

/**
 * Against DNS rebinding: a page of some site whose name was made to point to this machine sends that name as Host,
 * and its own origin as Origin. Programs that are no browsers send no Origin.
 */
export interface RebindingGuardOptions {
  /** The address listened on. */
  readonly host: string;
  /** Host names, without port, that requests may be addressed to besides. */
  readonly allowedHosts?: readonly string[];
  /** Origins, as `https://console.example.com`, whose pages may call besides loopback ones. */
  readonly allowedOrigins?: readonly string[];
}

type Verdict = { readonly ok: true } | { readonly ok: false; readonly message: string };

export type RebindingGuard = (headers: {
  readonly host?: string | undefined;
  readonly origin?: string | undefined;
}) => Verdict;

const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]'];
const WILDCARDS = new Set(['0.0.0.0', '::', '[::]']);
/** What a Host header may consist of; the URL parser alone would take `localhost/x` or `a@localhost`. */
const HOST_SYNTAX = /^(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/;

const MAX_REMEMBERED = 100;

export function createRebindingGuard(options: RebindingGuardOptions): RebindingGuard {
  const hosts = hostNames(options);
  const isAllowed = createOriginCheck(options);
  // Parsing a URL costs more than all the rest here, and honest clients say the same few hosts.
  const passed = new Set<string>();
  const isOurs = (host = ''): boolean => {
    if (passed.has(host)) return true;
    if (!HOST_SYNTAX.test(host) || !validateHostHeader(host, hosts).ok) return false;
    if (passed.size < MAX_REMEMBERED) passed.add(host);
    return true;
  };
  return ({ host, origin }) => {
    if (!isOurs(host)) {
      return {
        ok: false,
        message: `Requests must be addressed to one of: ${hosts.join(', ')}. Another Host needs to be allowed in ALLOWED_HOSTS.`,
      };
    }
    if (origin === undefined || isAllowed(origin)) return { ok: true };
    return {
      ok: false,
      message: 'Pages of this Origin may not call. It needs to be allowed in ALLOWED_ORIGINS.',
    };
  };
}

/** Whether the pages of an origin may call: those that are listed, and on loopback those of this machine. */
export function createOriginCheck({
  host,
  allowedOrigins = [],
}: RebindingGuardOptions): (origin: string) => boolean {
  const origins = new Set(allowedOrigins.map((origin) => origin.toLowerCase()));
  const loopback = isLoopback(host);
  return (origin) => origins.has(origin.toLowerCase()) || (loopback && isLoopbackOrigin(origin));
}

function hostNames({ host, allowedHosts = [] }: RebindingGuardOptions): string[] {
  const wildcard = WILDCARDS.has(host);
  const own = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
  const names = [
    ...(wildcard ? [] : [own]),
    ...(wildcard || isLoopback(host) ? LOOPBACK_NAMES : []),
    ...allowedHosts,
  ];
  return [...new Set(names.map((name) => name.toLowerCase()))];
}

function isLoopbackOrigin(origin: string): boolean {
  const url = URL.canParse(origin) ? new URL(origin) : undefined;
  return (
    url !== undefined &&
    /^https?:$/.test(url.protocol) &&
    url.origin === origin.toLowerCase() &&
    isLoopback(url.hostname)
  );
}
