import { networkInterfaces } from 'node:os';
import ipaddr from 'ipaddr.js';
import { normalAddress } from './address.ts';
import { normalHost } from './allow.ts';

/** A server of the installation, which nodes must not reach. */
export interface OwnServer {
  /** Name or address. Loopback and wildcard addresses mean this machine. */
  readonly host: string;
  readonly port: number;
  /** For messages: `the database (DATABASE_URL)`. */
  readonly what: string;
}

/** Finds the server of the installation behind an address. */
export interface OwnServers {
  /** The server that is called by this name, whatever addresses the name leads to. */
  named(host: string, port: number): OwnServer | undefined;
  /** The server that listens there, whatever name led to the address. */
  at(address: string, port: number): Promise<OwnServer | undefined>;
}

/** For how long the addresses of a name are used without asking again. */
const FRESH_MS = 5_000;

/** For how long an address counts as the server's after its name has moved on: the old server may still be there. */
const REMEMBER_MS = 3_600_000;

type Lookup = (host: string) => Promise<readonly { readonly address: string }[]>;

/**
 * The servers of the installation by address. Their names are resolved when somebody connects to one of their ports, so
 * that a server that has moved is known at its new address. If a name cannot be resolved, the last known addresses hold.
 */
export function createOwnServers(servers: readonly OwnServer[], lookup: Lookup): OwnServers {
  const known = servers.map((server) => ({ server, addresses: addressesOf(server.host, lookup) }));
  return {
    named: (host, port) => servers.find((server) => server.port === port && sameName(server.host, host)),
    at: async (address, port) => {
      const candidates = known.filter(({ server }) => server.port === port);
      const meant = candidates.length > 0 ? meaningsOf(address) : [];
      for (const { server, addresses } of candidates) {
        const own = await addresses();
        if (meant.some((one) => own.includes(one) || (isThisMachine(one) && own.some(isThisMachine)))) return server;
      }
      return undefined;
    },
  };
}

/** A function that gives the addresses of a host: the current ones, and the ones it had until recently. */
function addressesOf(host: string, lookup: Lookup): () => Promise<readonly string[]> {
  const name = normalHost(host);
  const literal = normalAddress(name === 'localhost' ? '127.0.0.1' : name);
  if (literal !== null) return async () => [literal];
  const seen = new Map<string, number>();
  let asked = Number.NEGATIVE_INFINITY;
  let answer: Promise<void> = Promise.resolve();
  const ask = async (): Promise<void> => {
    const found = await lookup(name).catch(() => []);
    for (const { address } of found) seen.set(normalAddress(address) ?? address, performance.now());
  };
  return async () => {
    const now = performance.now();
    if (now - asked > FRESH_MS) {
      asked = now;
      answer = ask();
    }
    await answer;
    for (const [address, at] of seen) if (now - at > REMEMBER_MS) seen.delete(address);
    return [...seen.keys()];
  };
}

/** An address in canonical form, and the IPv4 address that a translator (NAT64, 6to4) would call for it. */
function meaningsOf(text: string): string[] {
  const normal = normalAddress(text);
  if (normal === null) return [];
  const address = ipaddr.parse(normal);
  if (address instanceof ipaddr.IPv4) return [normal];
  const [first, second, ...others] = (address as ipaddr.IPv6).parts;
  const bytes = address.toByteArray();
  if (first === 0x2002) return [normal, addressIn(bytes.slice(2, 6))];
  const isNat64 = first === 0x64 && second === 0xff9b;
  const isCompatible = first === 0 && second === 0 && others.slice(0, 2).every((part) => part === 0);
  return isNat64 || isCompatible ? [normal, addressIn(bytes.slice(12))] : [normal];
}

const addressIn = (bytes: number[]): string => ipaddr.fromByteArray(bytes).toString();

/** Whether an address leads to this machine itself: loopback, unspecified, or an address of one of its interfaces. */
function isThisMachine(address: string): boolean {
  if (['loopback', 'unspecified'].includes(ipaddr.parse(address).range())) return true;
  const bare = withoutZone(address);
  return Object.values(networkInterfaces()).some((list) =>
    list?.some((own) => withoutZone(normalAddress(own.address) ?? '') === bare),
  );
}

/** Without the interface in `fe80::1%eth0`. */
const withoutZone = (address: string): string => address.replace(/%.*$/, '');

const sameName = (one: string, other: string): boolean => normalHost(one) === normalHost(other);
