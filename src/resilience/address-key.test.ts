/** Closes: a limit per address that a client walks around with the addresses of its own network, or with no address. */
import { expect, test } from 'vitest';
import { addressKey } from './address-key.ts';

test.each([
  ['203.0.113.9', '203.0.113.9'],
  ['::ffff:203.0.113.9', '203.0.113.9'],
  ['::ffff:cb00:7109', '203.0.113.9'],
  ['::FFFF:203.0.113.9', '203.0.113.9'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8:1:2::1', '2001:db8:1:2::/64'],
  ['2001:0DB8:0001:0002:ffff:ffff:ffff:ffff', '2001:db8:1:2::/64'],
  ['2001:db8:1:3::1', '2001:db8:1:3::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['::', '0:0:0:0::/64'],
  [undefined, 'unknown'],
  ['', 'unknown'],
  ['evil', 'unknown'],
  ['1.2.3.4, 5.6.7.8', 'unknown'],
  ['1.2.3.4:80', '1.2.3.4'],
  ['[2001:db8::1]:80', '2001:db8:0:0::/64'],
  ['1.2.3.4:80:90', 'unknown'],
])('%s is counted as %s', (ip, key) => expect(addressKey(ip)).toBe(key));
