import type { Context } from 'hono';
import type { Json, JsonObject } from '../graph/json.ts';

/** The body of a request as JSON. Text that is not JSON stays text; a missing body is null. */
export async function readBody(c: Context): Promise<Json> {
  const text = await c.req.text();
  if (text === '') return null;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

/** The body of a request as an object; anything else becomes `{}`. */
export async function readObject(c: Context): Promise<JsonObject> {
  const body = await readBody(c);
  return typeof body === 'object' && body !== null && !Array.isArray(body) ? body : {};
}

/** A query parameter as a whole number within bounds. The default is used if it is missing or not a number. */
export function intQuery(c: Context, name: string, fallback: number, min: number, max: number): number {
  const value = Number.parseInt(c.req.query(name) ?? '', 10);
  return Number.isNaN(value) ? fallback : Math.min(max, Math.max(min, value));
}

/** The caller's idempotency key, or ''. */
export const keyOf = (c: Context): string => c.req.header('idempotency-key') ?? '';

/** Answers with problem+json, as real APIs do. */
export function problem(
  c: Context,
  status: 400 | 402 | 403 | 404 | 409 | 413 | 429 | 500 | 503,
  code: string,
  detail: string,
) {
  return c.json({ type: 'about:blank', title: code, status, detail, code }, status, {
    'content-type': 'application/problem+json',
  });
}
