/**
 * Threat: somebody tries one account from so many addresses that none of them stands out; or makes failed attempts in the
 * name of somebody else, so that these are locked out or blamed. Closed here: what attempts claim is counted, told as a
 * claim, and nothing but told.
 */
import { UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { credentialOperations } from '../src/app/credentials.ts';
import { auditOn, TEST_KEYS } from './harness/audited.ts';
import { type AuthenticatedServer, serveAuthenticated } from './harness/authenticated.ts';
import { databases, type OpenedDatabase } from './harness/databases.ts';
import { loadTwoStores, NORTH } from './harness/two-stores.ts';

const ISSUER = 'https://login.example';
/** More than the rule's limit, of which each address has one. */
const ADDRESSES = Array.from({ length: 6 }, (_, n) => `10.0.0.${n + 1}`);

describe.each(databases)('on $name', ({ open }) => {
  let opened: OpenedDatabase;
  let server: AuthenticatedServer;
  beforeAll(async () => {
    opened = await open();
    await loadTwoStores(opened.database);
    server = await serveAuthenticated(
      opened.database,
      { OIDC_ISSUERS: ISSUER, API_KEYS: 'on' },
      { securityLog: auditOn(opened.database), trustedProxies: ['127.0.0.1'] },
    );
  });
  afterAll(async () => {
    await server.close();
    await opened.close();
  });

  const attempt = async (from: string, headers: Record<string, string>) =>
    (await server.post('tools/list', {}, { 'x-forwarded-for': from, ...headers })).status;

  it('one account tried from many addresses is an anomaly, and whose it is goes on working', async () => {
    const operations = credentialOperations(opened.database, (_, work) => work());
    const request = { name: 'nightly', subject: 'north', scopes: null, store: null, expiresAt: null };
    const key = await operations.createKey(request);
    const guessed = `${key.slice(0, 15)}${'A'.repeat(43)}00000000`;
    // The id of somebody who is here, in a token that anybody can write.
    const forged = `${new UnsecuredJWT({ sub: NORTH.principal.subject, iss: ISSUER }).encode()}x`;
    for (const address of ADDRESSES) {
      expect(await attempt(address, { 'x-api-key': guessed })).toBe(403);
      expect(await attempt(address, { authorization: `Bearer ${forged}` })).toBe(401);
    }
    expect(await opened.database.audit.watch(TEST_KEYS.current(), Date.now())).toBe(2);
    expect(await opened.database.audit.watch(TEST_KEYS.current(), Date.now())).toBe(0);

    const rows: Record<string, unknown>[] = [];
    for await (const { row } of opened.database.audit.export(new Date(0))) rows.push(row);
    const anomalies = rows.filter(({ event_type: type }) => type === 'anomaly');
    expect(anomalies.map((row) => [row.resource_type, row.resource_id]).sort()).toEqual([
      ['failed_authentications_of_subject', `claimed api_key ${key.slice(6, 14)}`],
      ['failed_authentications_of_subject', `claimed token ${NORTH.principal.subject} of ${ISSUER}`],
    ]);
    expect(rows.map(({ user_id: id }) => id)).toEqual(rows.map(() => null));
    expect(await attempt('10.0.0.1', { 'x-api-key': key })).toBe(200);
  });
});
