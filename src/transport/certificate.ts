import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { ConfigurationError } from '../kernel/errors.ts';

/** PEM texts: the certificate with those that vouch for it, and its private key. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** The certificate that two files hold. Throws `ConfigurationError` when one is missing or they don't fit. */
export function readCertificate(certFile?: string, keyFile?: string): Certificate | undefined {
  if (certFile === undefined && keyFile === undefined) return undefined;
  if (certFile === undefined || keyFile === undefined) {
    throw new ConfigurationError(
      'TLS needs both TLS_CERT_FILE and TLS_KEY_FILE, and only one is set. Set both, or none for plain HTTP.',
    );
  }
  const certificate = { cert: read('TLS_CERT_FILE', certFile), key: read('TLS_KEY_FILE', keyFile) };
  try {
    createSecureContext(certificate);
  } catch (cause) {
    throw new ConfigurationError(
      'TLS_CERT_FILE and TLS_KEY_FILE do not hold a certificate and its unencrypted private key, both in PEM.',
      { cause },
    );
  }
  return certificate;
}

function read(setting: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new ConfigurationError(
      `${setting}=${file} can't be read. Name a file in PEM that this user may read.`,
      {
        cause,
      },
    );
  }
}
