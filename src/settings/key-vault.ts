import type { SecretClient } from '@azure/keyvault-secrets';
import { ConfigurationError, UnavailableError } from '../kernel/errors.ts';

/** A client for the vault at this URL. Throws `ConfigurationError` when it can't be made. */
export type ConnectVault = (url: string) => Promise<Pick<SecretClient, 'getSecret'>>;

/** Of one question to the vault, its retries included. */
const DEADLINE_MS = 15_000;
const AT_ONCE = 8;
export const VAULT_CLIENT_OPTIONS = {
  retryOptions: { maxRetries: 2, retryDelayInMs: 500, maxRetryDelayInMs: 4000 },
} as const;

/**
 * The settings that the vault holds, by their own names; a secret is called as its setting, with `-` for `_`. One that is
 * not there is not set. Throws `ConfigurationError` when the vault refuses, `UnavailableError` when it does not answer:
 * a vault that can't be asked is never taken for an empty one.
 */
export async function readKeyVault(
  url: string,
  names: readonly string[],
  connect: ConnectVault = connectByIdentity,
  deadlineMs = DEADLINE_MS,
): Promise<Readonly<Record<string, string>>> {
  const client = await connect(url);
  const found: Record<string, string> = {};
  const waiting = [...names];
  const ask = async (): Promise<void> => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      const value = await readSecret(client, url, name, deadlineMs);
      if (value !== undefined) found[name] = value;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, ask));
  return found;
}

async function readSecret(
  client: Pick<SecretClient, 'getSecret'>,
  url: string,
  name: string,
  deadlineMs: number,
): Promise<string | undefined> {
  const secret = name.replaceAll('_', '-');
  try {
    const abortSignal = AbortSignal.timeout(deadlineMs);
    return (await client.getSecret(secret, { abortSignal })).value;
  } catch (cause) {
    const status = cause instanceof Error && 'statusCode' in cause ? cause.statusCode : undefined;
    if (status === 404) return undefined;
    if (status === 401 || status === 403) {
      throw new ConfigurationError(
        `AZURE_KEY_VAULT_URL: the vault ${url} does not let this identity read the secret ${secret} (HTTP ${status}). Give it the role "Key Vault Secrets User", and see that the secret is not disabled.`,
        { cause },
      );
    }
    throw new UnavailableError(
      `AZURE_KEY_VAULT_URL: the vault ${url} does not answer for the secret ${secret}${status === undefined ? '' : ` (HTTP ${status})`}. Check the URL, the network, and how this machine signs in to Azure.`,
      { cause },
    );
  }
}

/** As whoever this machine is in Azure: environment variables, workload identity, managed identity, or the Azure CLI. */
async function connectByIdentity(url: string): Promise<SecretClient> {
  const [identity, secrets] = await Promise.all([
    import('@azure/identity'),
    import('@azure/keyvault-secrets'),
  ]).catch((cause: unknown) => {
    throw new ConfigurationError(
      'AZURE_KEY_VAULT_URL needs two packages that are not installed: npm install @azure/identity @azure/keyvault-secrets',
      { cause },
    );
  });
  return new secrets.SecretClient(url, new identity.DefaultAzureCredential(), VAULT_CLIENT_OPTIONS);
}
