import ipaddr from 'ipaddr.js';

/**
 * Addresses in a public range that strangers must not reach nevertheless: 168.63.129.16 hands out credentials to every
 * virtual machine of one large cloud.
 */
const NEVER = new Set(['168.63.129.16']);

/** An IP address in canonical form: IPv4-mapped IPv6 becomes IPv4. Null if the text is not an address. */
export function normalAddress(text: string): string | null {
  const bare = text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : text;
  if (!ipaddr.isValid(bare)) return null;
  return ipaddr.process(bare).toString();
}

/**
 * True for an address of the public internet. Everything else is refused by default: loopback, private, link-local
 * (cloud metadata), carrier-grade NAT, multicast, benchmark and reserved ranges, and IPv6 with an embedded IPv4 address
 * (NAT64, 6to4, Teredo, IPv4-compatible), because that may lead to any of them.
 */
export function isPublicAddress(text: string): boolean {
  const normal = normalAddress(text);
  if (normal === null || NEVER.has(normal)) return false;
  const address = ipaddr.parse(normal);
  if (address.range() !== 'unicast') return false;
  // `::/96`, the IPv4-compatible addresses, counts as unicast in ipaddr.js.
  return !(address instanceof ipaddr.IPv6 && address.parts.slice(0, 6).every((part) => part === 0));
}
