/** Closes: bearer tokens that cross a network in clear text. */
import { expect, test } from 'vitest';
import { servesInClearText } from './clear-text.ts';

test.each([
  ['this machine only', { HOST: '127.0.0.1', TRUSTED_PROXIES: [] }, false],
  ['everywhere, plain', { HOST: '0.0.0.0', TRUSTED_PROXIES: [] }, true],
  ['everywhere, with a certificate', { HOST: '0.0.0.0', TLS_CERT_FILE: 'c', TRUSTED_PROXIES: [] }, false],
  ['everywhere, behind a proxy', { HOST: '0.0.0.0', TRUSTED_PROXIES: ['10.0.0.7'] }, false],
])('%s', (_, settings, expected) => expect(servesInClearText(settings)).toBe(expected));
