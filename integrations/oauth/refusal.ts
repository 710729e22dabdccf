import { NodeError } from '../error.ts';
import type { OAuthUse } from './provider.ts';

/** Longest part of a service's words that an error shows. */
const EXCERPT = 200;

/** Errors of a token endpoint that another attempt may not meet. */
const PASSING = new Set(['temporarily_unavailable', 'server_error', 'slow_down']);

/** What the OAuth library throws for an error that a token endpoint answered with. */
interface ErrorBody {
  readonly error: string;
  readonly error_description?: string;
}

const isErrorBody = (error: unknown): error is Error & ErrorBody =>
  error instanceof Error && typeof (error as { error?: unknown }).error === 'string';

/** The code of the error for a grant that has ended: only a person can give another. */
export const GRANT_ENDED = 'oauth.grant';

/**
 * The error for what came of a request to a token endpoint, without anything secret in it.
 *
 * @param secrets what was sent, because services send it back
 */
export function refusalOf(
  error: unknown,
  { provider }: OAuthUse,
  secrets: readonly (string | null | undefined)[],
): NodeError {
  if (error instanceof NodeError) return error;
  const host = new URL(provider.tokenUrl).host;
  if (!isErrorBody(error))
    return new NodeError('oauth.answer', `${host} answered with something other than tokens.`, { cause: error });
  const words = [error.error, error.error_description].filter((word) => word !== undefined).join(': ');
  const said = withoutSecrets(words, secrets)
    .replace(/[^\x20-\x7e]/g, '?')
    .slice(0, EXCERPT);
  if (error.error === 'invalid_grant') return new NodeError(GRANT_ENDED, `${host} answered "${said}".`);
  return new NodeError('oauth.refused', `${host} gave no token and answered "${said}".`, {
    retryable: PASSING.has(error.error),
  });
}

function withoutSecrets(text: string, secrets: readonly (string | null | undefined)[]): string {
  return secrets.reduce<string>((left, secret) => (secret ? left.replaceAll(secret, '[secret]') : left), text);
}
