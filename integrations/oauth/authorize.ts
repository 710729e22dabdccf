import { createHash } from 'node:crypto';
import { NodeError } from '../error.ts';
import type { OAuthUse } from './provider.ts';

/** What is new for each visit of an authorize page. */
export interface Visit {
  readonly state: string;
  /** The secret of PKCE, of which the page learns only the hash. */
  readonly verifier: string;
  readonly redirectUri: string;
}

/**
 * The address of the page on which a person lets the connection in.
 *
 * @throws NodeError `connection.invalid` if the connection needs no person
 */
export function authorizeAddress({ provider, client }: OAuthUse, { state, verifier, redirectUri }: Visit): string {
  const { authorizeUrl, authorizeParams = {}, scopes, scopeSeparator = ' ', pkce = true } = provider;
  if (authorizeUrl === undefined)
    throw new NodeError('connection.invalid', 'The connection has no authorizeUrl: it needs no person to connect it.');
  const url = new URL(authorizeUrl);
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  const parameters = {
    ...authorizeParams,
    ...(scopes.length > 0 && { scope: scopes.join(scopeSeparator) }),
    ...(pkce && { code_challenge: challenge, code_challenge_method: 'S256' }),
    response_type: 'code',
    client_id: client.id,
    redirect_uri: redirectUri,
    state,
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href;
}

/**
 * What an authorize page sent back, if the answer is one of the right service. A service that names itself (RFC 9207)
 * must be the one that was asked: as the connection says, or at least at the same host.
 *
 * @throws NodeError `oauth.mixedUp`
 */
export function fromRightServer({ provider }: OAuthUse, given: URLSearchParams): URLSearchParams {
  const parameters = new URLSearchParams(given);
  const issuer = parameters.get('iss');
  if (issuer === null) return parameters;
  const host = (url: string | undefined) => URL.parse(url ?? '')?.host;
  const isRight =
    provider.issuer === undefined ? host(issuer) === host(provider.authorizeUrl) : issuer === provider.issuer;
  if (!isRight) {
    throw new NodeError(
      'oauth.mixedUp',
      'The answer names another service than the one that was asked. Nothing was connected. If that service is meant, ' +
        'name it in the field issuer of the connection.',
    );
  }
  // Checked here, because the library would compare it with an issuer that the connection may not name.
  parameters.delete('iss');
  return parameters;
}
