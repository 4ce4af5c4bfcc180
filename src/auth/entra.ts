import type { Issuer } from './issuer.ts';

const LOGIN = 'https://login.microsoftonline.com';

/** Whether an issuer is Entra ID, whose tokens have ways of their own. */
export function isEntra(issuer: unknown): boolean {
  return (
    typeof issuer === 'string' &&
    (issuer.startsWith(`${LOGIN}/`) || issuer.startsWith('https://sts.windows.net/'))
  );
}

const V1 = /^https:\/\/sts\.windows\.net\/([^/]+)\/$/;
const V2 = /^https:\/\/login\.microsoftonline\.com\/([^/]+)\/v2\.0$/;

/**
 * The names of an issuer, the one that it is known by here first. Both versions of Entra ID's tokens are one tenant's, which
 * has one id (`oid`) for somebody in both.
 */
export function issuerNames(issuer: string): readonly [string, ...string[]] {
  const tenant = V1.exec(issuer)?.[1] ?? V2.exec(issuer)?.[1];
  return tenant === undefined ? [issuer] : [issuerOfV2(tenant), issuerOfV1(tenant)];
}

const issuerOfV1 = (tenantId: string) => `https://sts.windows.net/${tenantId}/`;
const issuerOfV2 = (tenantId: string) => `${LOGIN}/${tenantId}/v2.0`;

/**
 * Microsoft Entra ID, as one tenant's application: which version a token has is the application's setting, not the
 * caller's, so both are taken. Its ID tokens have the audience of its access tokens, but name no application that asked.
 */
export function entraIssuers(tenantId: string, clientId: string, scopePrefix: string): readonly Issuer[] {
  const common = { audiences: [clientId, `api://${clientId}`], scopePrefix };
  return [
    { ...common, issuer: issuerOfV2(tenantId), anyOfClaims: ['azp'] },
    {
      ...common,
      issuer: issuerOfV1(tenantId),
      anyOfClaims: ['appid'],
      metadataUrl: `${LOGIN}/${tenantId}/.well-known/openid-configuration`,
      advertised: false,
    },
  ];
}
