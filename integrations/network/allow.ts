import ipaddr from 'ipaddr.js';
import { normalAddress } from './address.ts';

/** What an operator allows in addition to the public internet. */
export interface AllowList {
  /** The name itself is trusted, whatever address it leads to. */
  host(host: string, port: number): boolean;
  address(address: string, port: number): boolean;
  /** This name or address is listed with this port: no pattern, no range, no entry without a port. */
  exactly(host: string, port: number): boolean;
}

type Rule =
  | { readonly kind: 'range'; readonly range: [ipaddr.IPv4 | ipaddr.IPv6, number]; readonly port: null }
  | { readonly kind: 'address' | 'host' | 'suffix'; readonly text: string; readonly port: number | null };

/**
 * Reads an operator's list (`BLOK_ALLOW_HOSTS`): `host`, `host:port`, `*.domain`, an IP with or without a port
 * (`[::1]:5432`), or a CIDR range.
 *
 * @throws Error naming the entry that is none of these.
 */
export function parseAllowList(entries: readonly string[]): AllowList {
  const rules = entries
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
    .map(parseRule);
  return {
    host: (host, port) => rules.some((rule) => fitsPort(rule, port) && fitsHost(rule, normalHost(host))),
    address: (address, port) => rules.some((rule) => fitsPort(rule, port) && fitsAddress(rule, address)),
    exactly: (host, port) => rules.some((rule) => rule.port === port && isNamed(rule, host)),
  };
}

/** A host name in canonical form: lower case, no final dot, no brackets around an IPv6 address. */
export function normalHost(host: string): string {
  const bare = host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
  return bare.toLowerCase().replace(/\.$/, '');
}

/** True if `host` matches a pattern: the same name, or `*.example.com` for every name below it. */
export function hostFits(pattern: string, host: string): boolean {
  const [wanted, actual] = [normalHost(pattern), normalHost(host)];
  return wanted.startsWith('*.') ? actual.endsWith(wanted.slice(1)) : wanted === actual;
}

/** Splits `host:port`, `[::1]:port` or a bare host. The port is null if there is none. */
export function splitHostPort(text: string): { host: string; port: number | null } {
  if (normalAddress(text) !== null) return { host: text, port: null };
  const match = /^(.*):(\d{1,5})$/.exec(text);
  return match ? { host: match[1] ?? '', port: Number(match[2]) } : { host: text, port: null };
}

function parseRule(entry: string): Rule {
  if (entry.includes('/')) {
    if (!ipaddr.isValidCIDR(entry)) throw badEntry(entry);
    return { kind: 'range', range: ipaddr.parseCIDR(entry), port: null };
  }
  const { host, port } = splitHostPort(entry);
  const address = normalAddress(host);
  if (address !== null) return { kind: 'address', text: address, port };
  if (!/^(\*\.)?[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?\.?$/i.test(host)) throw badEntry(entry);
  return { kind: host.startsWith('*.') ? 'suffix' : 'host', text: normalHost(host), port };
}

function badEntry(entry: string): Error {
  return new Error(
    `"${entry}" is not an allowed host: write a host, host:port, *.domain, an IP address or a CIDR range such as 10.0.0.0/8.`,
  );
}

const fitsPort = (rule: Rule, port: number): boolean => rule.port === null || rule.port === port;

const fitsHost = (rule: Rule, host: string): boolean =>
  (rule.kind === 'host' || rule.kind === 'suffix') && hostFits(rule.text, host);

/** Whether the rule is this name or address itself. */
const isNamed = (rule: Rule, host: string): boolean =>
  (rule.kind === 'host' || rule.kind === 'address') && rule.text === (normalAddress(host) ?? normalHost(host));

function fitsAddress(rule: Rule, text: string): boolean {
  const normal = normalAddress(text);
  if (normal === null) return false;
  if (rule.kind === 'address') return rule.text === normal;
  if (rule.kind !== 'range') return false;
  const address = ipaddr.parse(normal);
  return address.kind() === rule.range[0].kind() && address.match(rule.range);
}
