import type { Network } from '../context.ts';
import { assertionOf } from './assertion.ts';
import type { OAuthUse } from './provider.ts';
import { refusalOf } from './refusal.ts';
import { tokenFetch } from './token-fetch.ts';
import { type TokenAnswer, type Tokens, tokensOf } from './tokens.ts';

/** How long a token endpoint may take. */
const TIMEOUT_MS = 15_000;

/** What every request to a token endpoint needs. */
export interface Asking {
  readonly network: Network;
  readonly use: OAuthUse;
  readonly now: () => number;
  readonly timeoutMs?: number;
}

const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

/** The OAuth library with our network in it, and the words in which it wants to hear of the service. */
async function library({ network, use, timeoutMs = TIMEOUT_MS }: Asking) {
  const oauth = await import('oauth4webapi');
  const { provider, client } = use;
  const server = {
    issuer: provider.issuer ?? new URL(provider.authorizeUrl ?? provider.tokenUrl).origin,
    token_endpoint: provider.tokenUrl,
    ...(provider.authorizeUrl !== undefined && { authorization_endpoint: provider.authorizeUrl }),
  };
  const options = {
    [oauth.customFetch]: tokenFetch({ network, provider, timeoutMs }) as never,
    // Which addresses may do without TLS is decided when the connection is saved.
    [oauth.allowInsecureRequests]: true,
  };
  const auths = {
    basic: () => oauth.ClientSecretBasic(client.secret ?? ''),
    post: () => oauth.ClientSecretPost(client.secret ?? ''),
    none: () => oauth.None(),
  };
  const way = client.secret === undefined ? 'none' : provider.clientAuth;
  return { oauth, server, client: { client_id: client.id }, auth: auths[way](), options };
}

type Library = Awaited<ReturnType<typeof library>>;

/** Asks, and turns whatever goes wrong into an error without secrets. */
async function asked(
  asking: Asking,
  before: Tokens | null,
  secrets: readonly (string | null | undefined)[],
  ask: (library: Library) => Promise<TokenAnswer>,
): Promise<Tokens> {
  const { use, now } = asking;
  try {
    // Its life counts from before the request, so that it never ends before we expect that.
    const since = now();
    return tokensOf(await ask(await library(asking)), use.provider, before, since);
  } catch (error) {
    throw refusalOf(error, use, [use.client.secret, ...secrets]);
  }
}

/** What the authorize page sent back, checked against what was asked. */
export interface CodeAnswer {
  readonly parameters: URLSearchParams;
  readonly state: string;
  readonly verifier: string;
  readonly redirectUri: string;
}

/** Exchanges the code of an authorize page for tokens. @throws NodeError */
export function exchangeCode(
  asking: Asking,
  { parameters, state, verifier, redirectUri }: CodeAnswer,
): Promise<Tokens> {
  const secrets = [parameters.get('code'), verifier];
  return asked(asking, null, secrets, async ({ oauth, server, client, auth, options }) => {
    const checked = oauth.validateAuthResponse(server, client, parameters, state);
    const proof = asking.use.provider.pkce === false ? oauth.nopkce : verifier;
    const answer = await oauth.authorizationCodeGrantRequest(
      server,
      client,
      auth,
      checked,
      redirectUri,
      proof,
      options,
    );
    return oauth.processAuthorizationCodeResponse(server, client, answer);
  });
}

/** Exchanges a refresh token for an access token. @throws NodeError `oauth.grant` if the refresh token has ended */
export function refreshed(asking: Asking, before: Tokens): Promise<Tokens> {
  const { refreshToken } = before;
  return asked(asking, before, [refreshToken], async ({ oauth, server, client, auth, options }) => {
    const answer = await oauth.refreshTokenGrantRequest(server, client, auth, refreshToken ?? '', options);
    return oauth.processRefreshTokenResponse(server, client, answer);
  });
}

/** An access token of the client itself, without a person: by its secret, or by an assertion that its key signs. */
export function minted(asking: Asking): Promise<Tokens> {
  const { use, now } = asking;
  const { scopes, scopeSeparator = ' ' } = use.provider;
  const scope = scopes.length > 0 ? { scope: scopes.join(scopeSeparator) } : undefined;
  const assertion = use.grant === 'jwt_bearer' ? assertionOf(use, now()) : null;
  return asked(asking, null, [assertion], async ({ oauth, server, client, auth, options }) => {
    if (assertion === null) {
      const answer = await oauth.clientCredentialsGrantRequest(server, client, auth, { ...scope }, options);
      return oauth.processClientCredentialsResponse(server, client, answer);
    }
    const parameters = { assertion, ...scope };
    const answer = await oauth.genericTokenEndpointRequest(server, client, auth, JWT_BEARER, parameters, options);
    return oauth.processGenericTokenEndpointResponse(server, client, answer);
  });
}
