import type { Json, JsonObject } from '../../graph/json.ts';
import type { OAuthProvider } from './provider.ts';

/** What a token endpoint gave. Never leaves the process unencrypted. */
export interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string | null;
  /** ISO times. */
  readonly obtainedAt: string;
  /** Null: until the service refuses it. */
  readonly expiresAt: string | null;
  /** Null: the service did not say. */
  readonly scopes: readonly string[] | null;
  /** What nodes need besides the token, by the path where it was. */
  readonly kept: Readonly<Record<string, Json>>;
}

/** The standard answer of a token endpoint, as the library has checked it. */
export interface TokenAnswer {
  readonly access_token: string;
  readonly refresh_token?: string | undefined;
  readonly expires_in?: number | undefined;
  readonly scope?: string | undefined;
}

/**
 * The tokens of an answer. What it leaves out stays as it was: many services send a refresh token only once.
 *
 * @param before what the connection had
 */
export function tokensOf(answer: TokenAnswer, provider: OAuthProvider, before: Tokens | null, now: number): Tokens {
  const kept = (provider.keeps ?? []).flatMap((path) => {
    const value = at(answer as unknown as JsonObject, path);
    return value === undefined ? [] : [[path, value] as const];
  });
  return {
    accessToken: answer.access_token,
    refreshToken: answer.refresh_token ?? before?.refreshToken ?? null,
    obtainedAt: new Date(now).toISOString(),
    expiresAt: answer.expires_in === undefined ? null : new Date(now + answer.expires_in * 1000).toISOString(),
    scopes: answer.scope === undefined ? (before?.scopes ?? null) : answer.scope.split(/[\s,]+/).filter(Boolean),
    kept: { ...before?.kept, ...Object.fromEntries(kept) },
  };
}

function at(value: Json | undefined, path: string): Json | undefined {
  return path.split('.').reduce<Json | undefined>((inner, name) => {
    const isObject = typeof inner === 'object' && inner !== null && !Array.isArray(inner);
    return isObject && Object.hasOwn(inner, name) ? inner[name] : undefined;
  }, value);
}

/** Largest time before its end at which a token is renewed. */
const LEAD_MS = 300_000;

/**
 * Whether a token can be used without asking for another. Tokens are renewed before they end, and not all at the same
 * moment.
 *
 * @param spread from 0 to 1: each connection and process has its own
 */
export function isFresh(tokens: Tokens, provider: OAuthProvider, now: number, spread: number): boolean {
  if (tokens.expiresAt === null) return true;
  const end = Date.parse(tokens.expiresAt);
  const life = Math.max(0, end - Date.parse(tokens.obtainedAt));
  const lead = Math.min((provider.leadSeconds ?? LEAD_MS / 1000) * 1000, life / 4);
  return now < end - lead * (1 - spread / 4);
}

/** Whether a token has not ended yet. */
export const isAlive = ({ expiresAt }: Tokens, now: number): boolean =>
  expiresAt === null || now < Date.parse(expiresAt);
