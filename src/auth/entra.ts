import type { Issuer } from './issuer.ts';

const LOGIN = 'https://login.microsoftonline.com';

/** Whether an issuer is Entra ID, whose tokens have ways of their own. */
export function isEntra(issuer: unknown): boolean {
  return (
    typeof issuer === 'string' &&
    (issuer.startsWith(`${LOGIN}/`) || issuer.startsWith('https://sts.windows.net/'))
  );
}

/**
 * Microsoft Entra ID, as one tenant's application: which version a token has is the application's setting, not the
 * caller's, so both are taken. Its ID tokens have the audience of its access tokens, but name no application that asked.
 */
export function entraIssuers(tenantId: string, clientId: string): readonly Issuer[] {
  const common = { audiences: [clientId, `api://${clientId}`], anyOfClaims: ['azp', 'appid'] };
  return [
    { ...common, issuer: `${LOGIN}/${tenantId}/v2.0` },
    {
      ...common,
      issuer: `https://sts.windows.net/${tenantId}/`,
      metadataUrl: `${LOGIN}/${tenantId}/.well-known/openid-configuration`,
      advertised: false,
    },
  ];
}
