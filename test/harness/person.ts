/** Somebody at a browser with an MCP client: the SDK's own client, and forms filled in by fetch. */
import type {
  OAuthClientProvider,
  OAuthDiscoveryState,
  StoredOAuthTokens,
} from '@modelcontextprotocol/client';
import { CLIENT_ID, REDIRECT_URI } from './identity-provider.ts';

export interface Person {
  /** For the SDK's transport. */
  readonly authProvider: OAuthClientProvider;
  /** Where the client sent its user last. */
  readonly authorizationUrl: () => URL;
  readonly accessToken: () => string;
  /** Logs in and consents wherever the client sent its user; returns what comes back to the client. */
  authorize(): Promise<URLSearchParams>;
}

export function person(name: string): Person {
  let tokens: StoredOAuthTokens | undefined;
  let verifier = '';
  let discovered: OAuthDiscoveryState | undefined;
  let sentTo: URL | undefined;
  const browser = newBrowser();
  const authorizationUrl = () => sentTo ?? fail('The client has sent nobody to log in.');
  return {
    authProvider: {
      redirectUrl: REDIRECT_URI,
      clientMetadata: { redirect_uris: [REDIRECT_URI] },
      clientInformation: () => ({ client_id: CLIENT_ID }),
      tokens: () => tokens,
      saveTokens: (saved) => {
        tokens = saved;
      },
      redirectToAuthorization: (url) => {
        sentTo = url;
      },
      saveCodeVerifier: (saved) => {
        verifier = saved;
      },
      codeVerifier: () => verifier,
      saveDiscoveryState: (saved) => {
        discovered = saved;
      },
      discoveryState: () => discovered,
    },
    authorizationUrl,
    accessToken: () => tokens?.access_token ?? fail('The client has no token.'),
    authorize: () => logIn(browser, authorizationUrl(), name),
  };
}

type Browser = (url: URL, form?: Record<string, string>) => Promise<Response>;

/** Keeps cookies, follows nothing by itself. */
function newBrowser(): Browser {
  const cookies = new Map<string, string>();
  return async (url, form) => {
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(form && { method: 'POST', body: new URLSearchParams(form) }),
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (value === '') cookies.delete(name);
      else cookies.set(name, value);
    }
    return response;
  };
}

const MOST_PAGES = 12;

async function logIn(browser: Browser, start: URL, name: string): Promise<URLSearchParams> {
  let url = start;
  let response = await browser(url);
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const location = response.headers.get('location');
    if (location !== null) {
      url = new URL(location, url);
      if (url.href.startsWith(REDIRECT_URI)) return url.searchParams;
      response = await browser(url);
      continue;
    }
    const html = await response.text();
    const [, action = ''] = /<form[^>]* action="([^"]+)"/.exec(html) ?? [];
    const [, prompt = ''] = /name="prompt" value="([^"]+)"/.exec(html) ?? [];
    if (action === '') fail(`A page without a form (${response.status}): ${html.slice(0, 500)}`);
    url = new URL(action, url);
    response = await browser(url, prompt === 'login' ? { prompt, login: name, password: 'x' } : { prompt });
  }
  return fail('The login went round in circles.');
}

function fail(message: string): never {
  throw new RangeError(message);
}
