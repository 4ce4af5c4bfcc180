import { isIP, isIPv4 } from 'node:net';

/**
 * What an address is counted under: an IPv4 address is itself, also when it comes mapped into IPv6; of an IPv6 address the
 * first 64 bits, since whoever has one has the 2^64 beside it. What is no address shares one key, so that it is never free.
 */
export function addressKey(ip: string | undefined): string {
  const address = withoutPort(ip ?? '').split('%', 1)[0] ?? '';
  if (isIPv4(address)) return address;
  if (isIP(address) !== 6) return 'unknown';
  const groups = groupsOf(address);
  if (groups.slice(0, 6).join(':') === '0:0:0:0:0:ffff') return groups.slice(6).flatMap(octets).join('.');
  return `${groups.slice(0, 4).join(':')}::/64`;
}

/** The eight groups in their shortest form. */
function groupsOf(address: string): readonly string[] {
  // The URL parser writes every IPv6 address in the one canonical form of RFC 5952, without dots.
  const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [left = [], right = []] = canonical.split('::').map((half) => half.split(':').filter(Boolean));
  return [...left, ...Array.from({ length: 8 - left.length - right.length }, () => '0'), ...right];
}

function octets(group: string): [number, number] {
  const bits = Number.parseInt(group, 16);
  return [bits >> 8, bits & 0xff];
}

/** Some proxies put `203.0.113.9:51544` or `[2001:db8::1]:51544` into X-Forwarded-For. */
export function withoutPort(address: string): string {
  return /^\[([^\]]*)\](?::\d+)?$/.exec(address)?.[1] ?? /^([\d.]+):\d+$/.exec(address)?.[1] ?? address;
}
