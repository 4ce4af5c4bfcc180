/** An authorization server as far as a resource server sees one: metadata, keys, and whatever tokens a test wants. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';

interface SigningKey {
  readonly kid: string;
  readonly alg: string;
  readonly publicKey: CryptoKey;
  readonly privateKey: CryptoKey;
  readonly jwk: JWK;
}

export interface TestIssuer {
  readonly issuer: string;
  /** How often each path was asked for. */
  readonly asked: Map<string, number>;
  /** The key that signs. */
  key(): SigningKey;
  /** Another key signs from now on, and is the only one that is told. */
  rotate(alg?: string): Promise<SigningKey>;
  /** A token of this issuer for `AUDIENCE` that is good for five minutes, with these claims on top; undefined takes one away. */
  sign(
    claims?: Readonly<Record<string, unknown>>,
    header?: Readonly<Record<string, unknown>>,
  ): Promise<string>;
  /** Answers 500 to everything while it is out. */
  outage(is: boolean): void;
  /** Held back are the answers to requests for keys, until it is released. */
  holdKeys(): { release(): void };
  close(): Promise<void>;
}

export const AUDIENCE = 'https://aisle.example/mcp';
export const KEYS_PATH = '/keys';
export const METADATA_PATH = '/.well-known/openid-configuration';

async function newKey(kid: string, alg = 'ES256'): Promise<SigningKey> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  return { kid, alg, publicKey, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } };
}

/** `metadata` may change what the metadata says of itself, `metadataPath` where it is. */
export async function startIssuer(
  metadata: (usual: Record<string, string>) => Record<string, string> = (usual) => usual,
  metadataPath = METADATA_PATH,
): Promise<TestIssuer> {
  let key = await newKey('key-1');
  let made = 1;
  let isOut = false;
  let held: Promise<void> = Promise.resolve();
  const asked = new Map<string, number>();
  const server = createServer(async (request, response) => {
    const path = request.url ?? '';
    asked.set(path, (asked.get(path) ?? 0) + 1);
    if (path === KEYS_PATH) await held;
    const bodies: Record<string, unknown> = {
      [metadataPath]: metadata({ issuer, jwks_uri: issuer + KEYS_PATH }),
      [KEYS_PATH]: { keys: [key.jwk] },
    };
    response.statusCode = isOut ? 500 : bodies[path] === undefined ? 404 : 200;
    response.setHeader('Content-Type', 'application/json').end(JSON.stringify(bodies[path] ?? {}));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    issuer,
    asked,
    key: () => key,
    async rotate(alg) {
      made += 1;
      key = await newKey(`key-${made}`, alg);
      return key;
    },
    sign(claims = {}, header = {}) {
      const now = Math.floor(Date.now() / 1000);
      const usual = { iss: issuer, aud: AUDIENCE, sub: 'ann', iat: now, exp: now + 300 };
      return new SignJWT({ ...usual, ...claims })
        .setProtectedHeader({ alg: key.alg, kid: key.kid, typ: 'at+jwt', ...header })
        .sign(key.privateKey);
    },
    outage: (is) => {
      isOut = is;
    },
    holdKeys() {
      const { promise, resolve } = Promise.withResolvers<void>();
      held = promise;
      return { release: resolve };
    },
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
