import { charge, chargeSince, growList } from '../fuel.ts';
import type { Fuel } from '../types.ts';
import { toText } from '../values.ts';
import { matchesIn, ownPattern, type Program } from './regex-program.ts';
import type { Functions } from './types.ts';

const LABEL = String.raw`[\pL\pN](?:[\pL\pN-]*[\pL\pN])?`;
const EMAIL = ownPattern(String.raw`[\pL\pN._%+'-]*[\pL\pN_%+-]@${LABEL}(?:\.${LABEL})+`, 'i');
const ADDRESS = ownPattern(String.raw`https?://[^\s<>"\x60{}|\\^]+`, 'i');
const HOST =
  /^(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+[\p{L}\p{N}-]*[\p{L}\p{N}]$|^localhost$|^\[[0-9a-f:.]{2,45}\]$/u;

function* found(fuel: Fuel, source: string, pattern: (fuel: Fuel) => Program): Generator<string> {
  for (const [start, end] of matchesIn(fuel, pattern(fuel), source)) yield source.slice(start, end);
}

/** Addresses in a text. Punctuation that ends a sentence, or closes an earlier bracket, is not part of an address. */
function* addresses(fuel: Fuel, source: string): Generator<string> {
  for (const address of found(fuel, source, ADDRESS)) {
    charge(fuel, address.length >> 3);
    const bare = address.replace(/[.,;:!?'*_]{1,10}$/, '');
    yield bare.endsWith(')') && !bare.includes('(') ? bare.slice(0, -1) : bare;
  }
}

const emails = (fuel: Fuel, source: string): Generator<string> => found(fuel, source, EMAIL);

function listed(fuel: Fuel, all: Iterable<string>): string[] {
  const result: string[] = [];
  for (const one of all) {
    growList(fuel, result.length, 1);
    result.push(one);
  }
  return result;
}

const first = (all: Iterator<string>): string | null => {
  const { done, value } = all.next();
  return done ? null : value;
};

/** The host of an address, an e-mail address or a bare name; null if the text is none of these. */
function hostOf(source: string): string | null {
  const rest = source.replace(/^[a-z][a-z0-9+.-]{0,20}:\/\//i, '');
  const host = rest.slice(0, rest.search(/[/?#]|$/));
  const name = host
    .slice(host.lastIndexOf('@') + 1)
    .replace(/:\d{0,5}$/, '')
    .toLowerCase();
  return name.length <= 253 && HOST.test(name) ? name : null;
}

/** Functions that extract addresses from texts that people write. */
export const extract: Functions = {
  'extract.email': {
    signature: 'extract.email(text)',
    summary: 'The first e-mail address in the text, or null.',
    example: ["extract.email('Ada <ada@example.org>, Bob')", 'ada@example.org'],
    takes: [1, 1],
    run: (fuel, [value]) => first(emails(fuel, toText(value))),
  },
  'extract.emails': {
    signature: 'extract.emails(text)',
    summary: 'All e-mail addresses in the text, as a list.',
    example: ["extract.emails('a@x.org, b@y.org')", ['a@x.org', 'b@y.org']],
    takes: [1, 1],
    run: (fuel, [value]) => listed(fuel, emails(fuel, toText(value))),
  },
  'extract.url': {
    signature: 'extract.url(text)',
    summary: 'The first address with http or https in the text, or null.',
    example: ["extract.url('See https://example.org/a?b=1.')", 'https://example.org/a?b=1'],
    takes: [1, 1],
    run: (fuel, [value]) => first(addresses(fuel, toText(value))),
  },
  'extract.urls': {
    signature: 'extract.urls(text)',
    summary: 'All addresses with http or https in the text, as a list.',
    example: ["extract.urls('http://a.org (http://b.org/x)')", ['http://a.org', 'http://b.org/x']],
    takes: [1, 1],
    run: (fuel, [value]) => listed(fuel, addresses(fuel, toText(value))),
  },
  'extract.domain': {
    signature: 'extract.domain(text)',
    summary:
      'The host, in lower case, of an address or e-mail address, or of the first one in the text; null if there is none.',
    example: ["extract.domain('https://user@Example.org:8080/path')", 'example.org'],
    takes: [1, 1],
    run: (fuel, [value]) => {
      const given = toText(value);
      chargeSince(7, fuel, given.length >> 6);
      const source = given.trim();
      const one = /\s/.test(source) || source.length > 2048;
      const within = one ? (first(addresses(fuel, source)) ?? first(emails(fuel, source))) : source;
      return within === null ? null : hostOf(within);
    },
  },
};
