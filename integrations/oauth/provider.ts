/** How a connection proves to a token endpoint which client it belongs to (RFC 6749, 2.3.1). */
export type ClientAuth = 'basic' | 'post' | 'none';

/** How a connection comes to its access tokens. */
export type Grant = 'authorization_code' | 'client_credentials' | 'jwt_bearer';

/**
 * How a service speaks OAuth 2.0. Services differ in details only, so a service is data. Addresses may hold `{domain}` and
 * `{tenant}`, which the owner of a connection fills in.
 */
export interface OAuthProvider {
  readonly authorizeUrl?: string;
  readonly tokenUrl: string;
  readonly revokeUrl?: string;
  /** What the service calls itself in the parameter `iss` of its answers (RFC 9207). */
  readonly issuer?: string;
  /** Asked for unless the owner names others. */
  readonly scopes: readonly string[];
  readonly scopeSeparator?: ' ' | ',';
  /** False: the service refuses the parameters of PKCE. */
  readonly pkce?: boolean;
  readonly clientAuth: ClientAuth;
  /** How the token endpoint wants its body. Default: a form, as the standard says. */
  readonly body?: 'form' | 'json';
  /** Sent to the authorize page besides what the standard asks for. */
  readonly authorizeParams?: Readonly<Record<string, string>>;
  /** Each refresh returns another refresh token, and the one before it ends. */
  readonly rotates?: boolean;
  /** Where the answer of the token endpoint holds what nodes need, as paths with dots: `instance_url`, `team.id`. */
  readonly keeps?: readonly string[];
  /** The part of the answer that holds the tokens, if they are not at its top. */
  readonly tokensIn?: string;
  /** The service's own words for `invalid_grant`. */
  readonly grantErrors?: readonly string[];
  /** Life of an access token whose answer names none, in seconds. Absent: until the service refuses it. */
  readonly lifeSeconds?: number;
  /** Earliest renewal before an access token ends, in seconds. Default: 300, and never more than a quarter of its life. */
  readonly leadSeconds?: number;
  /** How a token is revoked: as RFC 7009 says, or by a request that the token itself authorizes. */
  readonly revokesBy?: 'token' | 'bearer';
}

/** The client of a connection: what the service gave its owner. */
export interface OAuthClient {
  readonly id: string;
  readonly secret?: string | undefined;
  /** Key that signs assertions, as PEM. */
  readonly privateKey?: string | undefined;
  readonly keyId?: string | undefined;
  /** For whom assertions are made, such as a user of the service. */
  readonly subject?: string | undefined;
}

/** How one connection uses OAuth 2.0. Its addresses hold no braces any more. */
export interface OAuthUse {
  readonly grant: Grant;
  readonly provider: OAuthProvider;
  readonly client: OAuthClient;
}

/** Values for the braces in addresses. */
export interface Places {
  readonly domain?: string | undefined;
  readonly tenant?: string | undefined;
}

/** A provider with its addresses filled in. */
export function filledIn(provider: OAuthProvider, places: Places): OAuthProvider {
  const fill = (url: string) =>
    url.replace(/\{(domain|tenant)\}/g, (_, name: 'domain' | 'tenant') => places[name] ?? `missing-${name}`);
  const { authorizeUrl, tokenUrl, revokeUrl } = provider;
  return {
    ...provider,
    tokenUrl: fill(tokenUrl),
    ...(authorizeUrl !== undefined && { authorizeUrl: fill(authorizeUrl) }),
    ...(revokeUrl !== undefined && { revokeUrl: fill(revokeUrl) }),
  };
}

/** The names in braces that the addresses of a provider have. */
export function placesOf({ authorizeUrl = '', tokenUrl }: OAuthProvider): string[] {
  const names = [...`${authorizeUrl} ${tokenUrl}`.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!);
  return [...new Set(names)];
}

/**
 * The last part of the address to which the authorize page sends people back. It is another one for each service, so that
 * an answer of one service is never taken for the answer of another.
 */
export const serverName = ({ authorizeUrl, tokenUrl }: OAuthProvider): string =>
  new URL(authorizeUrl ?? tokenUrl).host.replaceAll(/[^a-zA-Z0-9.-]/g, '-');
