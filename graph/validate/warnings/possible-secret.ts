import { problem } from '../../problems/codes.ts';
import type { Problem } from '../../problems/problem.ts';
import { findSecrets } from '../checks/secrets.ts';
import { type ConstantText, isCode, type Subject } from './subject.ts';

/** Last words of the names of fields that hold secrets. A bare `key` does not count: it may name any stored value. */
const SECRET_NAME =
  /(?:[-_.a-z]key|(?:^|[-_.]|[a-z](?=[A-Z]))(?:token|secret|password|passwd|pwd|pass|credentials?|auth|authorization|pat|sig))$/i;
/** Names of values that look random but are public: ids, hashes, blockchain addresses, keys for sorting or lookup. */
const PUBLIC_NAME =
  /(?:id|ids|hash|sha\d*|digest|checksum|fingerprint|address|mint|account|wallet|owner|program|etag|commit|version|cursor|reference|(?:public|idempotency|sort|partition|cache|group|primary|foreign|event|dedupe)[-_]?key|(?:page|next|cursor)[-_]?token)$/i;
/** Headers that carry no credential, whatever their value looks like. */
const PUBLIC_HEADER = /^(?:accept|content|if|user|range|x-request|x-correlation|traceparent|idempotency)/i;
/** Query parameters of addresses that carry secrets. */
const QUERY = /[?&]([\w.-]{1,40})=([^&#\s]{8,200})/g;
const QUERY_NAME =
  /^(?:[\w.-]{0,20}[-_.])?(?:api[-_]?key|app[-_]?key|key|token|access[-_]?token|auth|secret|password|pwd|sig|signature|appid|sas|code)$/i;
const ADDRESS = /\bhttps?:\/\/([^\s"'<>]{1,500})/gi;
/** `apiKey = '…'`, `Authorization: "Bearer …"`. */
const ASSIGNED = /\b([\w$-]{1,60})["']?\s{0,5}[:=]\s{0,5}["'`](?:(?:Bearer|Basic|Token) )?([^"'`\s]{12,200})["'`]/g;
/** Runs of the characters that secrets are made of. */
const RUN = /[A-Za-z0-9_+/=-]{20,200}/g;

/** Finds values that look like secrets of no known form: by their field's name, in an address, or as random text. */
export function possibleSecrets({ constants }: Subject): Problem[] {
  return constants.flatMap((constant) => {
    // A secret of a known form is an error already.
    if (findSecrets(constant.text, '', constant.key).length > 0) return [];
    const what = isCode(constant) ? secretInCode(constant) : secretIn(constant);
    return what === null ? [] : [problem('possible-secret', constant.path, `${what} looks like a secret.`)];
  });
}

function secretIn({ key, parts, text, parameter }: ConstantText): string | null {
  const whole = parts.length === 1 && text.length <= 200 ? text.trim() : '';
  if (isOpaque(whole, leastLength(key, parameter?.name), 2.8)) return `The value of \`${key}\``;
  for (const part of parts) {
    for (const [, name = '', value = ''] of part.matchAll(QUERY)) {
      if (QUERY_NAME.test(name) && isOpaque(value, 8, 2.5)) return `\`${name}\` in the address`;
    }
    for (const [, address = ''] of part.matchAll(ADDRESS)) if (isKeyToItself(address)) return 'A part of the address';
    if (PUBLIC_NAME.test(key)) continue;
    for (const [run] of part.matchAll(RUN)) if (run.split(/[/=]/).some(isRandom)) return 'A part of this text';
  }
  return null;
}

/** A program says by a name which of its texts is a secret; other texts of programs look random for many reasons. */
function secretInCode({ parts }: ConstantText): string | null {
  for (const part of parts) {
    for (const [, name = '', value = ''] of part.matchAll(ASSIGNED)) {
      if (SECRET_NAME.test(name) && !PUBLIC_NAME.test(name) && isOpaque(value, 12, 2.8))
        return `The text of \`${name}\``;
    }
  }
  return null;
}

/** The length from which an opaque value is suspicious, by the name of its field. */
function leastLength(key: string, parameter: string | undefined): number {
  if (parameter === 'query' && QUERY_NAME.test(key)) return 8;
  if (PUBLIC_NAME.test(key)) return Number.POSITIVE_INFINITY;
  if (SECRET_NAME.test(key)) return 12;
  return parameter === 'headers' && !PUBLIC_HEADER.test(key) ? 20 : Number.POSITIVE_INFINITY;
}

/** Whether knowing an address is enough to use it: it holds a user, or an opaque part after the word `hook`. */
function isKeyToItself(address: string): boolean {
  const [place = ''] = address.split(/[?#]/);
  const [host = '', ...segments] = place.split('/');
  const user = host.includes('@') ? host.slice(0, host.lastIndexOf('@')) : '';
  if (isOpaque(user, 12, 2.8)) return true;
  return /hooks?\b/i.test(place) && segments.some((segment) => isOpaque(segment, 16, 3));
}

/** Letters and digits mixed in one word, with little repetition. */
function isOpaque(text: string, least: number, bits: number): boolean {
  if (text.length < least || /\s/.test(text) || !/\d/.test(text) || !/[A-Za-z]/.test(text)) return false;
  return !isReadable(text) && entropy(text) >= bits;
}

/** Words, numbers and dates with something between them, such as `orders-2024` or `price/SOL`. */
const isReadable = (text: string): boolean =>
  /^(?:[A-Za-z]{2,}|\d{1,8})(?:[-_./:](?:[A-Za-z]{2,}|\d{1,8}|v\d+))*$/.test(text);

/** Text that no person would write: long, of three kinds of characters, all equally likely. */
function isRandom(text: string): boolean {
  if (text.length < 24 || !/[a-z]/.test(text) || !/[A-Z]/.test(text) || (text.match(/\d/g)?.length ?? 0) < 3)
    return false;
  // Addresses of Solana and Bitcoin: base58, of a key's length.
  if (/^[1-9A-HJ-NP-Za-km-z]{32,44}$/.test(text) || /^0x[0-9a-fA-F]+$/.test(text)) return false;
  const words = text
    .split(/[-_]/)
    .filter((word) => /^(?:[A-Z]?[a-z]+|[A-Z]+|\d+)+$/.test(word) && /[a-z]{4}/.test(word));
  return words.length === 0 && entropy(text) >= 4;
}

/** Shannon entropy in bits per character. */
function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const letter of text) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  return [...counts.values()].reduce((sum, count) => sum - (count / text.length) * Math.log2(count / text.length), 0);
}
