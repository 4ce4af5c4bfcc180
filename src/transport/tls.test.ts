/** Closes: credentials in clear text, a page that a browser may be led back to unencrypted, a half-configured certificate. */
import { rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { connect as connectTls } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type CertificateFiles, selfSigned } from '../../test/harness/certificate.ts';
import { SEATTLE, type Served, serve } from '../../test/harness/served.ts';
import { ConfigurationError } from '../kernel/errors.ts';
import { readCertificate } from './certificate.ts';

const LIST = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' });
const HSTS = 'max-age=31536000';

let files: CertificateFiles;
let served: Served | undefined;
beforeAll(() => {
  files = selfSigned();
});
afterEach(async () => {
  await served?.transport.close();
  served = undefined;
});
afterAll(() => rmSync(files.directory, { recursive: true }));

/** A request of a client that trusts the certificate. */
async function overTls(url: string, method: string, body = '') {
  const { promise, resolve, reject } = Promise.withResolvers<import('node:http').IncomingMessage>();
  const headers = {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    'x-rls-user-id': SEATTLE,
  };
  request(url, { method, headers, ca: files.cert }, resolve).on('error', reject).end(body);
  const response = await promise;
  return { status: response.statusCode, headers: response.headers, body: await text(response) };
}

describe('over TLS of its own', () => {
  test('MCP is served, and browsers are told to come that way for a year', async () => {
    served = await serve({ certificate: readCertificate(files.certFile, files.keyFile) });
    expect(served.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+\/mcp$/);
    const answer = await overTls(served.url, 'POST', LIST);
    expect(answer.status).toBe(200);
    expect(answer.body).toContain('"tools"');
    expect(answer.headers['strict-transport-security']).toBe(HSTS);
    const wrong = await overTls(`${served.origin}/%zz`, 'GET');
    expect([wrong.status, wrong.headers['strict-transport-security']]).toEqual([400, HSTS]);
  });

  test('plain HTTP gets no answer there, and neither does TLS before 1.2', async () => {
    served = await serve({ certificate: readCertificate(files.certFile, files.keyFile) });
    await expect(fetch(served.url.replace('https:', 'http:'))).rejects.toThrow();
    const { promise, resolve } = Promise.withResolvers<Error>();
    const socket = connectTls({
      ...{ port: Number(new URL(served.url).port), host: '127.0.0.1', ca: files.cert },
      ...{ minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' },
    });
    socket.once('error', resolve);
    expect(await promise).toMatchObject({ code: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION' });
  });
});

describe('HSTS in plain HTTP', () => {
  const header = async (trustedProxies: readonly string[], proto: string) => {
    served = await serve({ trustedProxies });
    const answer = await fetch(`${served.origin}/health`, { headers: { 'x-forwarded-proto': proto } });
    return answer.headers.get('strict-transport-security');
  };
  test('is sent when a trusted proxy says that the client came encrypted', async () =>
    expect(await header(['127.0.0.1'], 'https')).toBe(HSTS));
  test('is not when it says otherwise', async () => expect(await header(['127.0.0.1'], 'http')).toBeNull());
  test('is not when just anybody says so', async () => expect(await header([], 'https')).toBeNull());
});

describe('the files', () => {
  const refusal = (cert?: string, key?: string) => {
    try {
      readCertificate(cert, key);
      return undefined;
    } catch (error) {
      return error instanceof ConfigurationError ? error.message : error;
    }
  };
  test('none is plain HTTP', () => expect(readCertificate()).toBeUndefined());
  test('one alone is refused', () => {
    const message =
      'TLS needs both TLS_CERT_FILE and TLS_KEY_FILE, and only one is set. Set both, or none for plain HTTP.';
    expect(refusal(files.certFile, undefined)).toBe(message);
    expect(refusal(undefined, files.keyFile)).toBe(message);
  });
  test('one that is not there is named', () =>
    expect(refusal('/nowhere/cert.pem', files.keyFile)).toBe(
      "TLS_CERT_FILE=/nowhere/cert.pem can't be read. Name a file in PEM that this user may read.",
    ));
  test('a key of another certificate, and what is no PEM, are refused, and nothing of them is quoted', () => {
    const message =
      'TLS_CERT_FILE and TLS_KEY_FILE do not hold a certificate and its unencrypted private key, both in PEM.';
    const other = selfSigned();
    expect(refusal(files.certFile, other.keyFile)).toBe(message);
    rmSync(other.directory, { recursive: true });
    const garbage = join(files.directory, 'garbage.pem');
    writeFileSync(garbage, 'hunter2');
    expect(refusal(garbage, files.keyFile)).toBe(message);
  });
});
