/**
 * The formats that are addresses. A text is taken apart at its delimiters, and each part is searched for what it may
 * not hold: one regular expression for a whole URI would try the same text in many ways.
 */

const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)\.){3}(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)$/;
/** Longest address of IPv6, with an address of IPv4 in its last part. */
const LONGEST_IPV6 = 45;

/** An address of four numbers. */
export const isIpv4 = (text: string): boolean => text.length <= 15 && IPV4.test(text);

/** Eight groups of hexadecimal digits, of which `::` may stand for one or more; the last two may be an IPv4 address. */
export function isIpv6(text: string): boolean {
  if (text.length > LONGEST_IPV6) return false;
  const halves = text.split('::');
  if (halves.length > 2) return false;
  const groups = halves.map((half) => (half === '' ? [] : half.split(':')));
  const last = groups.at(-1)?.at(-1);
  if (last?.includes('.')) {
    if (!isIpv4(last)) return false;
    groups.at(-1)!.splice(-1, 1, '0', '0');
  }
  const all = groups.flat();
  return (
    all.every((group) => /^[0-9a-f]{1,4}$/i.test(group)) && (halves.length === 2 ? all.length < 8 : all.length === 8)
  );
}

/** What the parts of a URI may not hold. A per cent sign begins the code of a character. */
const NOT_IN = {
  user: /[^a-z0-9\-._~!$&'()*+,;=:%]|%(?![0-9a-f]{2})/i,
  host: /[^a-z0-9\-._~!$&'()*+,;=%]|%(?![0-9a-f]{2})/i,
  path: /[^a-z0-9\-._~!$&'()*+,;=:@%/]|%(?![0-9a-f]{2})/i,
  rest: /[^a-z0-9\-._~!$&'()*+,;=:@%/?]|%(?![0-9a-f]{2})/i,
};
/** Longest scheme that is looked for. */
const LONGEST_SCHEME = 200;
const SCHEME = /^[a-z][a-z0-9+\-.]*:/i;

/** An absolute URI of RFC 3986. */
export const isUri = (text: string): boolean => {
  const scheme = schemeOf(text);
  return scheme !== '' && isHierarchy(text.slice(scheme.length), true);
};

/** A URI, or a reference that is resolved against another. */
export const isUriReference = (text: string): boolean => {
  const scheme = schemeOf(text);
  return isHierarchy(text.slice(scheme.length), scheme !== '');
};

const schemeOf = (text: string): string => SCHEME.exec(text.slice(0, LONGEST_SCHEME))?.[0] ?? '';

/** What follows the scheme. Without a scheme, a colon may not stand in the first part of the path. */
function isHierarchy(text: string, absolute: boolean): boolean {
  const [beforeHash, ...fragments] = text.split('#', 3) as [string, ...string[]];
  if (fragments.length > 1 || (fragments[0] !== undefined && NOT_IN.rest.test(fragments[0]))) return false;
  const mark = beforeHash.indexOf('?');
  if (mark !== -1 && NOT_IN.rest.test(beforeHash.slice(mark + 1))) return false;
  const path = mark === -1 ? beforeHash : beforeHash.slice(0, mark);
  if (!path.startsWith('//'))
    return !NOT_IN.path.test(path) && (absolute || !(path.split('/', 1)[0] ?? '').includes(':'));
  const slash = path.indexOf('/', 2);
  const authority = slash === -1 ? path.slice(2) : path.slice(2, slash);
  return isAuthority(authority) && (slash === -1 || !NOT_IN.path.test(path.slice(slash)));
}

function isAuthority(text: string): boolean {
  const at = text.lastIndexOf('@');
  if (at !== -1 && NOT_IN.user.test(text.slice(0, at))) return false;
  const place = text.slice(at + 1);
  if (!place.startsWith('[')) return isHostAndPort(place);
  const end = place.indexOf(']');
  const literal = place.slice(1, end);
  const future = /^v[0-9a-f]+\.[a-z0-9\-._~!$&'()*+,;=:]+$/i;
  return end !== -1 && (isIpv6(literal) || future.test(literal)) && /^(?::\d*)?$/.test(place.slice(end + 1));
}

function isHostAndPort(text: string): boolean {
  const colon = text.indexOf(':');
  if (colon === -1) return !NOT_IN.host.test(text);
  return !NOT_IN.host.test(text.slice(0, colon)) && !/\D/.test(text.slice(colon + 1));
}

/** A literal of RFC 6570, and an expression in braces. Both are sticky: each begins where the one before ended. */
const LITERAL = /[^{}]*/y;
const EXPRESSION =
  /\{[+#./;?&=,!@|]?(?:[a-z0-9_]|%[0-9a-f]{2})+(?::[1-9]\d{0,3}|\*)?(?:,(?:[a-z0-9_]|%[0-9a-f]{2})+(?::[1-9]\d{0,3}|\*)?)*\}/iy;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what a literal may not hold.
const NOT_LITERAL = /[\x00-\x20"'<>\\^`|]|%(?![0-9a-f]{2})/i;

/** A URI with variables in braces. */
export function isUriTemplate(text: string): boolean {
  for (let at = 0; at < text.length; ) {
    LITERAL.lastIndex = at;
    const literal = LITERAL.exec(text)?.[0] ?? '';
    if (NOT_LITERAL.test(literal)) return false;
    at += literal.length;
    if (at === text.length) return true;
    EXPRESSION.lastIndex = at;
    const found = EXPRESSION.exec(text);
    if (found === null) return false;
    at += found[0].length;
  }
  return true;
}

/** Longest host that is looked at: names have at most 253 characters. */
const LONGEST_HOST = 260;
const NAME = /^(?:[a-z0-9\u{a1}-\u{ffff}]+(?:-+[a-z0-9\u{a1}-\u{ffff}]+)*\.)+[a-z\u{a1}-\u{ffff}]{2,}$/iu;
const NUMBERS = /^\d{1,3}(?:\.\d{1,3}){3}$/;
/** Networks that nobody outside reaches, and what is no address at all. */
const PRIVATE = /^(?:0|10|127|22[4-9]|2[3-9]\d|169\.254|192\.168|172\.(?:1[6-9]|2\d|3[01]))\./;

/** `url`: an address of the public web, with http, https or ftp. */
export function isWebAddress(text: string): boolean {
  const scheme = /^(?:https?|ftp):\/\//i.exec(text.slice(0, 8))?.[0];
  if (scheme === undefined || /\s/.test(text)) return false;
  const rest = text.slice(scheme.length);
  const authority = rest.slice(0, Math.max(0, rest.search(/[/]|$/)));
  const place = authority.slice(authority.lastIndexOf('@') + 1);
  const host = place.replace(/:\d{2,5}$/, '');
  if (host.length > LONGEST_HOST) return false;
  return NUMBERS.test(host)
    ? isIpv4(host) && !PRIVATE.test(host) && !host.endsWith('.0') && !host.endsWith('.255')
    : NAME.test(host);
}
