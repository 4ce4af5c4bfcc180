/** The settings by which callers prove who they are. */
export interface ProofSettings {
  readonly ENTRA_TENANT_ID?: string | undefined;
  readonly OIDC_ISSUERS: readonly string[];
  readonly API_KEYS: boolean;
}

/** Any one of these says how. */
export const PROOFS = ['OIDC_ISSUERS', 'ENTRA_TENANT_ID', 'API_KEYS'] as const;

/** Those that are set. Where there is one, nobody is believed without proof; where there is none, anybody is anybody. */
export function proofsOf(settings: ProofSettings): readonly (typeof PROOFS)[number][] {
  const isSet = {
    OIDC_ISSUERS: settings.OIDC_ISSUERS.length > 0,
    ENTRA_TENANT_ID: settings.ENTRA_TENANT_ID !== undefined,
    API_KEYS: settings.API_KEYS,
  };
  return PROOFS.filter((name) => isSet[name]);
}
