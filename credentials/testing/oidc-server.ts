import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';

/** A real authorization server: PKCE is required, refresh tokens rotate (unless told otherwise), and one that is used twice ends the access. */
export interface OidcServer {
  readonly url: string;
  /** Paths that were called. */
  readonly called: string[];
  /** How many answers of the token endpoint are lost: the work is done, and the line is cut. */
  loseAnswers: number;
  /** What the next request for tokens meets instead of an answer: before its work is done, or when it is. */
  interrupt: { readonly when: 'before' | 'after'; readonly by: () => void } | null;
  stop(): Promise<void>;
}

export async function startOidcServer(
  redirectUri: (url: string) => string,
  { rotates = true }: { rotates?: boolean } = {},
): Promise<OidcServer> {
  const http = createServer();
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const state: OidcServer = {
    url,
    called: [],
    loseAnswers: 0,
    interrupt: null,
    stop: () =>
      new Promise((resolve) => {
        http.close(() => resolve());
        http.closeAllConnections();
      }),
  };
  const provider = new Provider(url, {
    clients: [
      {
        client_id: 'blok',
        client_secret: 'CANARY-client-secret',
        redirect_uris: [redirectUri(url)],
        grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
        response_types: ['code'],
        token_endpoint_auth_method: 'client_secret_basic',
      },
    ],
    scopes: ['openid', 'offline_access', 'read'],
    features: {
      devInteractions: { enabled: true },
      clientCredentials: { enabled: true },
      revocation: { enabled: true },
    },
    pkce: { required: () => true },
    rotateRefreshToken: rotates,
    issueRefreshToken: async () => true,
    findAccount: (_: unknown, id: string) => ({ accountId: id, claims: () => ({ sub: id }) }),
    cookies: { keys: ['for tests only'] },
    ttl: { AccessToken: 3_600, RefreshToken: 86_400, Grant: 86_400, Session: 86_400, Interaction: 600 },
  });
  const serve = provider.callback();
  http.on('request', (request, response) => {
    state.called.push(`${request.method} ${(request.url ?? '').split('?')[0]}`);
    const { interrupt } = state;
    if (request.url === '/token' && interrupt) {
      state.interrupt = null;
      if (interrupt.when === 'before') return interrupt.by();
      response.end = (() => {
        interrupt.by();
        return response;
      }) as typeof response.end;
    } else if (request.url === '/token' && state.loseAnswers > 0) {
      state.loseAnswers -= 1;
      response.end = (() => {
        request.socket.destroy();
        return response;
      }) as typeof response.end;
    }
    void serve(request, response);
  });
  return state;
}

/** Lets a connection in, as a person does in a browser: signs in, and agrees. @returns the address that was sent back to */
export async function letIn(address: string, end: string): Promise<URL> {
  const cookies = new Map<string, string>();
  const go = async (url: string, form?: Record<string, string>): Promise<Response> => {
    const answer = await fetch(url, {
      redirect: 'manual',
      headers: { cookie: [...cookies].map((pair) => pair.join('=')).join('; ') },
      ...(form && { method: 'POST', body: new URLSearchParams(form) }),
    });
    for (const cookie of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      cookies.set(name, value);
    }
    return answer;
  };
  let at = address;
  for (let steps = 0; steps < 12; steps += 1) {
    if (at.startsWith(end)) return new URL(at);
    const page = await go(at);
    const location = page.headers.get('location');
    if (location !== null) {
      at = new URL(location, at).href;
      continue;
    }
    const html = await page.text();
    const prompt = /name="prompt" value="(\w+)"/.exec(html)?.[1];
    if (prompt === undefined) throw new Error(`${page.status} ${html.slice(0, 500)}`);
    const sent = await go(at, { prompt, ...(prompt === 'login' && { login: 'ada', password: 'x' }) });
    at = new URL(sent.headers.get('location')!, at).href;
  }
  throw new Error(`the visit does not end: ${at}`);
}
