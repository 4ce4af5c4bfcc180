/**
 * Plays a whole login against a real authorization server and writes down what went over the wire, into
 * docs/authentication.md: `node scripts/authentication-transcript.ts`. Takes a minute, half of it waiting.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { auth } from '@modelcontextprotocol/client';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { openAudit } from '../src/app/audit.ts';
import { credentialOperations } from '../src/app/credentials.ts';
import { openDatabase } from '../src/app/engine.ts';
import { recordedChanges } from '../src/app/operator.ts';
import { loadConfig } from '../src/config.ts';
import { silentLogger } from '../src/telemetry/logger.ts';
import { serveAuthenticated } from '../test/harness/authenticated.ts';
import { startIdentityProvider } from '../test/harness/identity-provider.ts';
import { person } from '../test/harness/person.ts';
import { loadTwoStores } from '../test/harness/two-stores.ts';

const PAGE = new URL('../docs/authentication.md', import.meta.url);
const BEGIN = '<!-- transcript, by scripts/authentication-transcript.ts -->';
const COOLDOWN_MS = 31_000;
const lines: string[] = [];
const say = (...said: readonly string[]) => lines.push(...said);

const directory = await mkdtemp(join(tmpdir(), 'aisle-transcript-'));
const config = await loadConfig({ DATA_DIR: directory, DATABASE_URL: '' });
const database = await openDatabase(config, silentLogger);
await loadTwoStores(database);
const provider = await startIdentityProvider();
const settings = {
  OIDC_ISSUERS: provider.issuer,
  OIDC_ROLES: 'clerks=store_user',
  OIDC_CLAIMS: 'roles=groups',
};
const server = await serveAuthenticated(database, settings);
const audit = openAudit(config, database, silentLogger);
const operations = credentialOperations(database, recordedChanges(audit, { host: 'transcript' }));
provider.claims.set('nina', { groups: ['clerks'] });
const nina = person('nina');

async function callOver(what: string, method: string, params: object, headers: Record<string, string>) {
  const response = await server.post(method, params, headers);
  const challenge = response.headers.get('www-authenticate');
  const body = (await response.text()).replace(/^event: message\ndata: /, '').trim();
  say('', `# ${what}`, `POST ${server.url}  ${method}`);
  if (headers.authorization !== undefined) say(`Authorization: Bearer ${shortened(nina.accessToken())}`);
  say(
    `< ${response.status}`,
    ...(challenge === null ? [] : [`< WWW-Authenticate: ${challenge}`]),
    `< ${cut(body)}`,
  );
  return challenge;
}

async function logIn(challenge: string | null) {
  const [, scope = ''] = /scope="([^"]*)"/.exec(challenge ?? '') ?? [];
  const [, metadata = ''] = /resource_metadata="([^"]*)"/.exec(challenge ?? '') ?? [];
  const options = {
    serverUrl: server.url,
    resourceMetadataUrl: new URL(metadata),
    scope,
    forceReauthorization: true,
  };
  await auth(nina.authProvider, options);
  const url = nina.authorizationUrl();
  say('', '# The client sends its user to log in and to consent', `GET ${url.origin}${url.pathname}`);
  for (const [name, value] of url.searchParams)
    say(`      ${name}=${name === 'code_challenge' ? shortened(value) : value}`);
  const back = await nina.authorize();
  say(`< code=${shortened(back.get('code') ?? '')}`);
  const [code = '', iss = ''] = [back.get('code') ?? '', back.get('iss') ?? ''];
  await auth(nina.authProvider, { serverUrl: server.url, authorizationCode: code, iss });
  const { sub, aud, scope: granted, groups } = decodeJwt(nina.accessToken());
  const { kid } = decodeProtectedHeader(nina.accessToken());
  say('', `POST ${provider.issuer}/token  with the code and the code verifier`);
  say(`< access token, signed by ${kid}: ${JSON.stringify({ sub, aud, scope: granted, groups })}`);
}

const shortened = (secret: string) => `${secret.slice(0, 6)}…`;
const cut = (body: string) => (body.length > 220 ? `${body.slice(0, 220)}…` : body);
const bearer = () => ({ authorization: `Bearer ${nina.accessToken()}` });
const query = {
  name: 'execute_sales_query',
  arguments: { postgresql_query: 'SELECT slug FROM stores' },
};

try {
  say(
    `$ OIDC_ISSUERS=${provider.issuer} OIDC_CLAIMS=roles=groups OIDC_ROLES=clerks=store_user ENVIRONMENT=production aisle serve`,
  );
  const challenge = await callOver('Nobody is let in, and told where to log in', 'tools/list', {}, {});
  const [, metadataUrl = ''] = /resource_metadata="([^"]*)"/.exec(challenge ?? '') ?? [];
  say('', `GET ${metadataUrl}`, `< ${cut(await (await fetch(metadataUrl)).text())}`);
  await logIn(challenge);
  await callOver('The provider knows her, Aisle does not yet', 'tools/list', {}, bearer());
  await operations.link({ issuer: provider.issuer, externalId: 'nina', subject: 'north' });
  say('', `$ aisle identities link nina --issuer ${provider.issuer} --subject north`);
  await callOver('Her role would allow it, her token does not', 'tools/call', query, bearer()).then(logIn);
  await callOver('With the scope: the rows of her store', 'tools/call', query, bearer());
  await provider.rotateKeys();
  say(
    '',
    '# The provider rotates its keys; the server goes on (half a minute later: unknown keys are asked for twice a minute)',
  );
  await setTimeout(COOLDOWN_MS);
  await logIn(challenge);
  await callOver('Signed by the new key', 'tools/list', {}, bearer());
  await operations.revokeToken(nina.accessToken(), new Date());
  say('', '$ aisle keys revoke-token -');
  const revoked = performance.now();
  while ((await server.post('tools/list', {}, bearer())).status !== 401) await setTimeout(50);
  say(`# ${((performance.now() - revoked) / 1000).toFixed(1)} s later`);
  await callOver('Revoked', 'tools/list', {}, bearer());
  const page = await readFile(PAGE, 'utf8');
  const head = page.slice(0, page.indexOf(BEGIN) + BEGIN.length);
  await writeFile(PAGE, `${head}\n\n${lines.map((line) => (line === '' ? '' : `    ${line}`)).join('\n')}\n`);
} finally {
  await server.close();
  await provider.close();
  await audit.close();
  await database.close();
  await rm(directory, { recursive: true, force: true });
}
