/**
 * The client library of Azure against a server of the test's own that speaks the vault's REST API over TLS: it stands in for
 * the cloud service, which tests can't reach. What the service does beyond it (roles, network rules) is not tested here.
 */
import { rmSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { SecretClient } from '@azure/keyvault-secrets';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { selfSigned } from '../../test/harness/certificate.ts';
import { loadConfig } from '../config.ts';
import { ConfigurationError, UnavailableError } from '../kernel/errors.ts';
import { readKeyVault, VAULT_CLIENT_OPTIONS } from './key-vault.ts';

type Answer = { readonly status: number; readonly body: object } | 'never';

const secret = (value: string): Answer => ({
  status: 200,
  body: { value, id: 'https://x/secrets/y/1', attributes: { enabled: true } },
});
const error = (status: number, code: string): Answer => ({
  status,
  body: { error: { code, message: code } },
});
const ABSENT = error(404, 'SecretNotFound');

const certificate = selfSigned();
afterAll(() => rmSync(certificate.directory, { recursive: true }));

describe('settings from Azure Key Vault', () => {
  let server: Server | undefined;
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
  });

  /** The answers by the secret's name; what was asked is told in `asked`. */
  async function vault(answers: Readonly<Record<string, Answer>>) {
    const asked: string[] = [];
    server = createServer(certificate, (request, response) => {
      if (request.headers.authorization !== 'Bearer of the test') {
        const challenge =
          'Bearer authorization="https://login.invalid/tenant", resource="https://vault.azure.net"';
        response.writeHead(401, { 'www-authenticate': challenge }).end();
        return;
      }
      const name = /^\/secrets\/([^/?]+)/.exec(request.url ?? '')?.[1] ?? '';
      asked.push(name);
      const answer = answers[name] ?? ABSENT;
      if (answer === 'never') return;
      response
        .writeHead(answer.status, { 'content-type': 'application/json' })
        .end(JSON.stringify(answer.body));
    });
    await new Promise<void>((listening) => server?.listen(0, '127.0.0.1', listening));
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const credential = {
      getToken: async () => ({ token: 'of the test', expiresOnTimestamp: Date.now() + 3_600_000 }),
    };
    const connect = async () =>
      new SecretClient(url, credential, {
        ...VAULT_CLIENT_OPTIONS,
        retryOptions: { ...VAULT_CLIENT_OPTIONS.retryOptions, retryDelayInMs: 1, maxRetryDelayInMs: 2 },
        disableChallengeResourceVerification: true,
        tlsOptions: { ca: certificate.cert },
      });
    return { url, asked, connect };
  }

  it('are secrets called as they are, with - for _; one that is not there is not set', async () => {
    const { url, asked, connect } = await vault({
      'DATABASE-URL': secret('postgres://a@b/c'),
      PORT: secret('1'),
    });
    const found = await readKeyVault(url, ['DATABASE_URL', 'PORT', 'LOG_LEVEL'], connect);
    expect(found).toEqual({ DATABASE_URL: 'postgres://a@b/c', PORT: '1' });
    expect(asked.toSorted()).toEqual(['DATABASE-URL', 'LOG-LEVEL', 'PORT']);
  });

  it('count before .env and after all else, and are asked for only what nothing before them decides', async () => {
    const { url, asked, connect } = await vault({
      PORT: secret('4'),
      HOST: secret('x'),
      'DATA-DIR': secret('/vault'),
    });
    const environment = { HOST: 'localhost', AZURE_KEY_VAULT_URL: url };
    const config = await loadConfig({ PORT: '1' }, environment, '/none/.env', connect);
    expect([config.PORT, config.HOST, config.DATA_DIR]).toEqual([1, 'localhost', '/vault']);
    expect(asked).toContain('DATA-DIR');
    for (const decided of ['PORT', 'HOST', 'AZURE-KEY-VAULT-URL']) expect(asked).not.toContain(decided);
  });

  it('a value that is wrong is told by its setting', async () => {
    const { url, connect } = await vault({ PORT: secret('many') });
    await expect(loadConfig({}, { AZURE_KEY_VAULT_URL: url }, '/none/.env', connect)).rejects.toThrow(
      'PORT is not valid: ',
    );
  });

  it.each([
    [403, 'Forbidden', 'does not let this identity read the secret DATABASE-URL (HTTP 403)'],
    [403, 'SecretDisabled', 'see that the secret is not disabled'],
  ])('%i %s is an error and no absent setting', async (status, code, said) => {
    const { url, asked, connect } = await vault({ 'DATABASE-URL': error(status, code) });
    const failure = readKeyVault(url, ['DATABASE_URL'], connect);
    await expect(failure).rejects.toThrow(ConfigurationError);
    await expect(failure).rejects.toThrow(said);
    expect(asked).toEqual(['DATABASE-URL']);
  });

  it('a vault that fails is asked three times, then it is an error', async () => {
    const { url, asked, connect } = await vault({ 'DATABASE-URL': error(503, 'ServiceUnavailable') });
    const failure = readKeyVault(url, ['DATABASE_URL'], connect);
    await expect(failure).rejects.toThrow(UnavailableError);
    await expect(failure).rejects.toThrow('for the secret DATABASE-URL (HTTP 503)');
    expect(asked).toEqual(['DATABASE-URL', 'DATABASE-URL', 'DATABASE-URL']);
  });

  it('a vault that never answers is an error when its time is up', async () => {
    const { url, connect } = await vault({ 'DATABASE-URL': 'never' });
    await expect(readKeyVault(url, ['DATABASE_URL'], connect, 300)).rejects.toThrow(UnavailableError);
  });

  it('a vault that is not there is an error', async () => {
    const { url, connect } = await vault({});
    server?.close();
    await expect(readKeyVault(url, ['DATABASE_URL'], connect)).rejects.toThrow(UnavailableError);
  });

  it('no vault is asked when none is configured', async () => {
    const connect = () => expect.fail('a vault was asked');
    expect((await loadConfig({}, {}, '/none/.env', connect)).AZURE_KEY_VAULT_URL).toBeUndefined();
  });

  it('a vault is reached by HTTPS only', async () => {
    const plain = loadConfig({}, { AZURE_KEY_VAULT_URL: 'http://vault.invalid' }, '/none/.env');
    await expect(plain).rejects.toThrow('AZURE_KEY_VAULT_URL is not valid: ');
  });
});
