import { ConfigurationError } from '../kernel/errors.ts';
import type { Ask, Endpoint } from './endpoint.ts';

export interface AzureSettings {
  readonly AZURE_OPENAI_ENDPOINT?: string | undefined;
  readonly AZURE_OPENAI_API_KEY?: string | undefined;
  readonly AZURE_OPENAI_API_VERSION: string;
}

/** An access token for Azure OpenAI, fresh whenever it is called. */
export type TokenOf = () => Promise<string>;

const SCOPE = 'https://cognitiveservices.azure.com/.default';

/**
 * Azure OpenAI, by key, or without one as whoever this machine is in Entra ID. Throws `ConfigurationError` when it is not said
 * where; `connect` throws it when the package for signing in is missing.
 */
export function azureEndpoint(
  {
    AZURE_OPENAI_ENDPOINT: url,
    AZURE_OPENAI_API_KEY: key,
    AZURE_OPENAI_API_VERSION: apiVersion,
  }: AzureSettings,
  signIn: () => Promise<TokenOf> = signInByIdentity,
): Endpoint {
  if (url === undefined) {
    throw new ConfigurationError(
      'AZURE_OPENAI_ENDPOINT is missing: EMBEDDING_PROVIDER=azure needs the address of a resource, like https://name.openai.azure.com.',
    );
  }
  return {
    settings: { address: 'AZURE_OPENAI_ENDPOINT', key: 'AZURE_OPENAI_API_KEY' },
    url,
    key,
    connect: () => connect(url, key, apiVersion, signIn),
  };
}

async function connect(
  url: string,
  key: string | undefined,
  apiVersion: string,
  signIn: () => Promise<TokenOf>,
): Promise<Ask> {
  const [{ AzureOpenAI }, { askBy, CLIENT_OPTIONS }] = await Promise.all([
    import('openai'),
    import('./openai-package.ts'),
  ]);
  // Not `endpoint`: it is refused where an OPENAI_BASE_URL happens to be in the environment. An empty key keeps it from looking there.
  const baseURL = `${url.replace(/\/+$/, '')}/openai`;
  if (key !== undefined)
    return askBy(new AzureOpenAI({ ...CLIENT_OPTIONS, baseURL, apiVersion, apiKey: key }));
  const signedIn = await signIn();
  const azureADTokenProvider = () => tokenOr(signedIn);
  return askBy(new AzureOpenAI({ ...CLIENT_OPTIONS, baseURL, apiVersion, apiKey: '', azureADTokenProvider }));
}

/** As whoever this machine is in Azure: environment variables, workload identity, managed identity, or the Azure CLI. */
async function signInByIdentity(): Promise<TokenOf> {
  const identity = await import('@azure/identity').catch((cause: unknown) => {
    throw new ConfigurationError(
      'AZURE_OPENAI_API_KEY is missing, and without it this machine signs in by a package that is not installed: npm install @azure/identity',
      { cause },
    );
  });
  return identity.getBearerTokenProvider(new identity.DefaultAzureCredential(), SCOPE);
}

async function tokenOr(signedIn: TokenOf): Promise<string> {
  try {
    return await signedIn();
  } catch (cause) {
    throw new ConfigurationError(
      'AZURE_OPENAI_API_KEY is missing, and this machine can not sign in to Azure. Set it, or give the machine an identity with the role "Cognitive Services OpenAI User".',
      { cause },
    );
  }
}
