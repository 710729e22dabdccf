import { BlockList, isIP } from 'node:net';

/** Who sent a request. */
export interface Sender {
  /** Tells the sender from others; null if nothing does. */
  readonly name: string | null;
  /** The connected address, if the name is only what was said there, as anybody there can say. Null: the name is certain. */
  readonly via: string | null;
}

/** Says who sent a request, from the address it came from and its header `x-forwarded-for`. */
export type SenderOf = (request: { peer: string | undefined; forwarded: string | undefined }) => Sender;

/** Where proxies usually are: on this machine, or in a network of their own with it. */
const NEAR = [
  '127.0.0.0/8',
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '169.254.0.0/16',
  '::1',
  'fc00::/7',
  'fe80::/10',
];

/** An address or a range, as people write them. Null if it is neither. */
export function parseRange(text: string): { address: string; bits: number; family: 'ipv4' | 'ipv6' } | null {
  const [, address = '', bits] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const version = isIP(address);
  const most = version === 4 ? 32 : 128;
  if (version === 0 || Number(bits ?? most) > most) return null;
  return { address, bits: Number(bits ?? most), family: version === 4 ? 'ipv4' : 'ipv6' };
}

/**
 * Tells senders apart. What a request says about its way counts only as far as proxies that the operator trusts have written it,
 * because anybody can write the rest: the sender is the last address that is not a trusted proxy's.
 *
 * A request from a near address that was forwarded, although no proxy there is trusted, has come from somebody unknown: if all of
 * the proxy's senders were taken for one, each of them could get all the others refused. So its name is what the proxy, if there
 * is one, has seen, together with the address where that was said.
 *
 * @param trusted addresses and ranges of proxies
 */
export function createSenderOf(trusted: readonly string[]): SenderOf {
  const [proxies, near] = [listOf(trusted), listOf(NEAR)];
  return ({ peer, forwarded }) => {
    const way = [...(forwarded?.split(',') ?? []), peer ?? ''].map(addressIn);
    const at = way.findLastIndex((address) => address === null || !proxies(address));
    const [sender, connected] = [way[at] ?? null, way.at(-1) ?? null];
    const isConnected = at === way.length - 1;
    const via = connected === null ? 'nobody' : nameOf(connected);
    if (sender === null) return { name: null, via };
    if (!isConnected || forwarded === undefined || !near(sender)) return { name: nameOf(sender), via: null };
    const said = way.at(-2) ?? null;
    return { name: said === null ? null : `${nameOf(said)} via ${via}`, via };
  };
}

const nameOf = (address: string): string => (isIP(address) === 6 ? networkOf(address) : address);

function listOf(ranges: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const range of ranges.map(parseRange)) if (range) list.addSubnet(range.address, range.bits, range.family);
  return (address) => list.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6');
}

/** The address in one entry of the header; some proxies add a port. Null if there is none. */
function addressIn(text: string): string | null {
  const entry = text.trim();
  const bare = /^\[(.+)\](?::\d+)?$/.exec(entry)?.[1] ?? /^([\d.]+)(?::\d+)?$/.exec(entry)?.[1] ?? entry;
  const address = bare.replace(/^::ffff:(?=[\d.]+$)/i, '');
  return isIP(address) === 0 ? null : address;
}

/** Whoever has one address of IPv6 usually has all of its network: the first 64 bits. */
function networkOf(address: string): string {
  const [head = '', tail] = address.toLowerCase().replace(/%.*$/, '').split('::');
  const groups = head === '' ? [] : head.split(':');
  const rest = tail ? tail.split(':') : [];
  const zeros = tail === undefined ? 0 : 8 - groups.length - rest.length;
  const all = [...groups, ...Array<string>(Math.max(0, zeros)).fill('0'), ...rest];
  return `${all
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
