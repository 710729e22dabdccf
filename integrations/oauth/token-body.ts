import type { Json, JsonObject } from '../../graph/json.ts';
import type { OAuthProvider } from './provider.ts';

/** Longest life of a token that is believed. Some services send the moment of its end, or milliseconds: no calendar goes that far. */
const LONGEST_LIFE_SECONDS = 10 * 365 * 86_400;

/** The status and body of a token endpoint's answer, as the standard would have them. */
export interface StandardAnswer {
  readonly status: number;
  readonly body: JsonObject;
}

/**
 * Brings an answer of a token endpoint into the standard's form: services answer 200 to errors, leave `token_type` out or
 * use words of their own for it, write numbers as text, and keep the tokens in a part of the answer.
 */
export function standardAnswer(status: number, answer: JsonObject, provider: OAuthProvider): StandardAnswer {
  const error = errorIn(answer);
  if (error !== null || status >= 300) return { status: 400, body: standardError(error, answer, provider) };
  const inner = provider.tokensIn === undefined ? undefined : answer[provider.tokensIn];
  const tokens: JsonObject = isObject(inner) ? { ...answer, ...inner } : { ...answer };
  // Who the person is, is no matter of a connection: an identity token is not read, and so it needs no checks.
  delete tokens.id_token;
  tokens.token_type = 'bearer';
  const life = Number(tokens.expires_in);
  if (Number.isFinite(life) && life > 0) tokens.expires_in = Math.min(Math.ceil(life), LONGEST_LIFE_SECONDS);
  else if (provider.lifeSeconds === undefined) delete tokens.expires_in;
  else tokens.expires_in = provider.lifeSeconds;
  if (typeof tokens.refresh_token !== 'string' || tokens.refresh_token === '') delete tokens.refresh_token;
  if (Array.isArray(tokens.scope)) tokens.scope = tokens.scope.filter((one) => typeof one === 'string').join(' ');
  if (typeof tokens.scope !== 'string' || tokens.scope === '') delete tokens.scope;
  return { status: 200, body: tokens };
}

function errorIn(answer: JsonObject): string | null {
  if (typeof answer.error === 'string' && answer.error !== '') return answer.error;
  return answer.ok === false || answer.error !== undefined ? 'invalid_response' : null;
}

function standardError(error: string | null, answer: JsonObject, { grantErrors = [] }: OAuthProvider): JsonObject {
  const code = error ?? 'invalid_response';
  const inner = isObject(answer.error) ? text(answer.error.message) : undefined;
  const description = text(answer.error_description) ?? text(answer.message) ?? inner;
  return {
    error: grantErrors.includes(code) ? 'invalid_grant' : code,
    ...(description !== undefined && { error_description: description }),
  };
}

const text = (value: Json | undefined): string | undefined => (typeof value === 'string' ? value : undefined);

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
