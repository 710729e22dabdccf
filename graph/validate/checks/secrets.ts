import type { Json } from '../../json.ts';
import { escapeSegment } from '../../pointer.ts';
import { problem } from '../../problems/codes.ts';
import type { Problem } from '../../problems/problem.ts';

/**
 * Forms of well-known credentials. Each pattern takes linear time, because no two parts of it can match the same
 * characters.
 */
const TOKENS: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----/, 'a private key'],
  [/\bxox[abeoprs]-[0-9A-Za-z-]{10}/, 'a Slack token'],
  [/\bhooks\.slack\.com\/services\/T[0-9A-Z]{6}/, 'a Slack webhook address'],
  [/\bgh[pousr]_[0-9A-Za-z]{20}/, 'a GitHub token'],
  [/\bgithub_pat_[0-9A-Za-z_]{20}/, 'a GitHub token'],
  [/\bglpat-[0-9A-Za-z_-]{16}/, 'a GitLab token'],
  [/\b[sr]k_(live|test)_[0-9A-Za-z]{10}/, 'a Stripe key'],
  [/\bwhsec_[0-9A-Za-z+/]{16}/, 'a webhook secret'],
  [/\bsk-(proj-|ant-|svcacct-)?[0-9A-Za-z_-]{20}/, 'an API key'],
  [/\bAKIA[0-9A-Z]{16}\b/, 'an AWS access key'],
  [/\bAIza[0-9A-Za-z_-]{30}/, 'a Google API key'],
  [/\bSG\.[0-9A-Za-z_-]{16,40}\.[0-9A-Za-z_-]{16}/, 'a SendGrid key'],
  [/\beyJ[0-9A-Za-z_-]{10,2000}\.eyJ[0-9A-Za-z_-]{10}/, 'a JSON Web Token'],
  [/[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@${}]{1,100}:[^\s/:@${}]{1,100}@/i, 'a password in an address'],
];

/** Names of fields that hold secrets. `token` alone is not among them, because it may be a coin or a word of a text. */
const FIELDS =
  /^(password|passwd|passphrase|secret|client[-_]?secret|(x[-_])?api[-_]?key|(access|auth|bearer|refresh|api|bot|x[-_]auth)[-_]?token|(private|secret|signing)[-_]?key|(signing|webhook)[-_]?secret)$/i;

/** Headers that carry credentials; the text that remains without the scheme and all expressions is the secret. */
const HEADERS = /^(proxy-)?authorization$|^cookie$/i;
const SCHEME = /^\s*(bearer|basic|token|apikey|digest)\b/i;

/** Longest text that is searched; secrets in longer texts are left to other tools. */
const MAX_LOOKED_AT = 20_000;

/** Finds texts that look like secrets among the constants of a value. */
export function findSecrets(value: Json, path: string, key = ''): Problem[] {
  if (typeof value === 'string') {
    const what = secretIn(value.slice(0, MAX_LOOKED_AT), key);
    return what === null ? [] : [problem('inline-secret', path, `This looks like ${what}.`)];
  }
  if (Array.isArray(value)) return value.flatMap((item, index) => findSecrets(item, `${path}/${index}`, key));
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([name, inner]) => findSecrets(inner, `${path}/${escapeSegment(name)}`, name));
}

function secretIn(text: string, key: string): string | null {
  const token = TOKENS.find(([pattern]) => pattern.test(text));
  if (token !== undefined) return token[1];
  const constant = withoutExpressions(text).replace(SCHEME, '').trim();
  if (HEADERS.test(key) && constant.length >= 4) return `a credential in the header \`${key}\``;
  if (FIELDS.test(key) && constant.length >= 4 && constant === text.trim()) return `a secret in \`${key}\``;
  return null;
}

/** The constant parts of a text. An expression is taken to end at the next `}}`, which is close enough here. */
function withoutExpressions(text: string): string {
  let rest = '';
  let at = 0;
  for (let open = text.indexOf('${{'); open >= 0; open = text.indexOf('${{', at)) {
    rest += text.slice(at, open);
    const close = text.indexOf('}}', open);
    if (close < 0) return rest;
    at = close + 2;
  }
  return rest + text.slice(at);
}
