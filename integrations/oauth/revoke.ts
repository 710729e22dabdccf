import type { Network } from '../context.ts';
import type { OAuthUse } from './provider.ts';
import type { Tokens } from './tokens.ts';

const TIMEOUT_MS = 10_000;

/**
 * Asks a service to end the tokens of a connection. The refresh token goes first, because most services then end all
 * that came of it.
 *
 * @returns what could not be ended, in words; null if the service ended all
 */
export async function revoke(network: Network, use: OAuthUse, tokens: Tokens): Promise<string | null> {
  const { revokeUrl, revokesBy = 'token' } = use.provider;
  if (revokeUrl === undefined) return 'The service has no address at which tokens are revoked.';
  const all = [tokens.refreshToken, tokens.accessToken].filter((token) => token !== null);
  const given = revokesBy === 'bearer' ? [tokens.accessToken] : all;
  const answers = await Promise.all(given.map((token) => revokeOne(network, use, revokeUrl, token)));
  return answers.find((answer) => answer !== null) ?? null;
}

async function revokeOne(network: Network, use: OAuthUse, url: string, token: string): Promise<string | null> {
  const { request } = await import('undici');
  const { headers, form } = requestOf(use, token);
  try {
    const { statusCode, body } = await request(url, {
      dispatcher: network.dispatcher,
      method: 'POST',
      headers: { accept: 'application/json', 'user-agent': 'Blok', ...headers },
      body: form === null ? '' : form.toString(),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    body.on('error', () => {}).destroy();
    // 400 and 404: the service does not know the token any more.
    return statusCode < 500 && statusCode !== 401 && statusCode !== 403 && statusCode !== 429
      ? null
      : `${new URL(url).host} answered ${statusCode}.`;
  } catch {
    return `${new URL(url).host} could not be reached.`;
  }
}

function requestOf({ provider, client }: OAuthUse, token: string) {
  if (provider.revokesBy === 'bearer') return { headers: { authorization: `Bearer ${token}` }, form: null };
  const form = new URLSearchParams({ token });
  const type = { 'content-type': 'application/x-www-form-urlencoded' };
  if (provider.clientAuth === 'basic' && client.secret !== undefined) {
    const pair = [client.id, client.secret].map((part) => new URLSearchParams({ '': part }).toString().slice(1));
    return { headers: { ...type, authorization: `Basic ${Buffer.from(pair.join(':')).toString('base64')}` }, form };
  }
  form.set('client_id', client.id);
  if (client.secret !== undefined) form.set('client_secret', client.secret);
  return { headers: type, form };
}
