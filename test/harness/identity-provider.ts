/** A real authorization server (oidc-provider) on loopback: anybody may log in, and is who they say. */
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import Provider, { type Configuration } from 'oidc-provider';
import { PERMISSIONS } from '../../src/kernel/permission.ts';

export const CLIENT_ID = 'assistant';
export const REDIRECT_URI = 'http://127.0.0.1:3999/callback';
/** The application that logs in as itself. */
export const MACHINE = { clientId: 'robot', secret: 'robot-secret-robot-secret' };

export interface IdentityProvider {
  readonly issuer: string;
  /** Claims that tokens have besides, by the name that somebody logs in with. */
  readonly claims: Map<string, Readonly<Record<string, unknown>>>;
  /** Signs with another key from now on, and tells no other. */
  rotateKeys(): Promise<void>;
  close(): Promise<void>;
}

async function newKey(kid: string): Promise<JWK> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  return { ...(await exportJWK(privateKey)), kid, alg: 'RS256', use: 'sig' };
}

function configuration(key: JWK, claims: IdentityProvider['claims']): Configuration {
  return {
    jwks: { keys: [key as never] },
    scopes: ['openid', ...PERMISSIONS],
    clients: [
      {
        client_id: CLIENT_ID,
        token_endpoint_auth_method: 'none',
        application_type: 'native',
        redirect_uris: [REDIRECT_URI],
        grant_types: ['authorization_code'],
      },
      {
        client_id: MACHINE.clientId,
        client_secret: MACHINE.secret,
        redirect_uris: [],
        response_types: [],
        grant_types: ['client_credentials'],
      },
    ],
    findAccount: async (_, accountId) => ({ accountId, claims: async () => ({ sub: accountId }) }),
    extraTokenClaims: async (_, token) =>
      claims.get('accountId' in token ? (token.accountId ?? '') : (token.clientId ?? '')),
    cookies: { keys: ['not a secret'] },
    ttl: { Interaction: 300, Session: 300, Grant: 300, AccessToken: 300, ClientCredentials: 300 },
    features: {
      devInteractions: { enabled: true },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        useGrantedResource: async () => true,
        getResourceServerInfo: async (_, audience) => ({
          audience,
          scope: PERMISSIONS.join(' '),
          accessTokenFormat: 'jwt',
          accessTokenTTL: 300,
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
  };
}

export async function startIdentityProvider(): Promise<IdentityProvider> {
  const claims: IdentityProvider['claims'] = new Map();
  let listener: RequestListener = (_, response) => response.writeHead(503).end();
  const server = createServer((request, response) => listener(request, response));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  let made = 0;
  const rotateKeys = async () => {
    made += 1;
    listener = new Provider(issuer, configuration(await newKey(`key-${made}`), claims)).callback();
  };
  await rotateKeys();
  return {
    issuer,
    claims,
    rotateKeys,
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
