import type { JsonObject } from '../../../graph/json.ts';

/**
 * Headers that an answer of a graph does not have: those of the connection, those that decide about the whole server (its
 * cookies, its guards, other sites), those that command a proxy in front of it, and those that promise something about the bytes which the server writes itself.
 */
const FORBIDDEN =
  /^(connection|keep-alive|transfer-encoding|te|trailer|upgrade|content-length|content-encoding|date|host|server|set-cookie2?|clear-site-data|strict-transport-security|service-worker-allowed|alt-svc|www-authenticate|x-request-id|x-frame-options|x-content-type-options|content-security-policy(-report-only)?|public-key-pins|expect-ct|nel|report-to|reporting-endpoints|permissions-policy|refresh|x-sendfile|(access-control|cross-origin|proxy|origin|sec|x-accel|x-lighttpd|x-reproxy|surrogate|cdn)-.*)$/;

/** Longest value of a header, and most headers. */
const MAX_VALUE = 4_000;
const MAX_HEADERS = 50;

/** The headers of a graph's answer that may be sent, with names in lower case. Others are left out. */
export function allowedHeaders(given: JsonObject): Record<string, string> {
  const allowed: Record<string, string> = {};
  for (const [name, value] of Object.entries(given).slice(0, MAX_HEADERS)) {
    const text = String(value);
    const lower = name.toLowerCase();
    if (/^[a-z0-9!#$%&'*+.^_|~-]{1,100}$/.test(lower) && !FORBIDDEN.test(lower) && isValue(text)) allowed[lower] = text;
  }
  return allowed;
}

/** Visible ASCII and spaces: nothing that could end the header and begin another one. */
const isValue = (text: string): boolean => text.length <= MAX_VALUE && /^[\t\x20-\x7e]*$/.test(text);
