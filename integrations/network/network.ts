import { lookup as dnsLookup } from 'node:dns/promises';
import type { Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import { Agent, buildConnector } from 'undici';
import type { Network } from '../context.ts';
import { NodeError } from '../error.ts';
import { isPublicAddress, normalAddress } from './address.ts';
import { normalHost, parseAllowList } from './allow.ts';
import { createOwnServers, type OwnServer } from './own-servers.ts';
import { BAD_HTTP_PORTS } from './ports.ts';

/** One address that a name resolves to. */
export interface Address {
  readonly address: string;
  readonly family: 4 | 6;
}

/** Options of the guarded network. */
export interface NetworkOptions {
  /** Hosts, `host:port`, `*.domain`, addresses and CIDR ranges allowed in addition to the public internet. */
  readonly allow: readonly string[];
  /** Servers of the installation: refused unless `allow` lists exactly their `host:port`. */
  readonly own?: readonly OwnServer[];
  /** Name resolution, replaced in tests. */
  readonly lookup?: (host: string) => Promise<Address[]>;
  /** Time limit for one attempt to connect, in milliseconds. */
  readonly connectTimeoutMs?: number;
  /** Certificate authorities to trust instead of the usual ones (PEM), for tests. */
  readonly ca?: string;
}

/** A network that can be closed with all its idle connections. */
export type GuardedNetwork = Network & { close(): Promise<void> };

/** How many addresses of one name are tried before giving up. */
const MAX_ADDRESSES = 4;

/** A model may think for many minutes before its answer begins. Whoever asks sets a limit of its own, or ends with its step. */
const LONGEST_SILENCE_MS = 1_800_000;

/**
 * The only way out for nodes: an undici dispatcher and a resolver that refuse every address outside the public
 * internet, unless the operator allowed it, and every server of the installation, unless the operator named exactly its
 * address. Names are resolved once and the connection is made to the address that was checked, so changing a name in
 * between (DNS rebinding) gains nothing. Literal addresses pass the same check. The caller follows redirects, and each
 * one is checked again.
 *
 * @throws NodeError `network.forbidden`, or `network.dns` (retryable) if the name leads nowhere.
 */
export function createNetwork(options: NetworkOptions): GuardedNetwork {
  const allow = parseAllowList(options.allow);
  const lookup = options.lookup ?? systemLookup;
  const own = createOwnServers(options.own ?? [], lookup);

  async function addressesOf(host: string, port: number): Promise<Address[]> {
    const found = await withoutOwn(literal(host) ?? (await resolveName(host)), host, port);
    if (allow.host(host, port)) return found;
    const open = found.filter(({ address }) => isPublicAddress(address) || allow.address(address, port));
    if (open.length === 0) throw forbidden(host, port);
    return open;
  }

  /** Leaves out the servers of the installation, whatever name led to them. */
  async function withoutOwn(found: readonly Address[], host: string, port: number): Promise<Address[]> {
    if (allow.exactly(host, port)) return [...found];
    const named = own.named(host, port);
    const owners = await Promise.all(
      found.map(({ address }) => (allow.exactly(address, port) ? undefined : (named ?? own.at(address, port)))),
    );
    const others = found.filter((_, index) => owners[index] === undefined);
    if (others.length === 0) throw ownForbidden(host, port, owners[0]!);
    return others;
  }

  async function resolveName(host: string): Promise<Address[]> {
    try {
      const found = await lookup(normalHost(host));
      if (found.length > 0) return found.slice(0, MAX_ADDRESSES);
    } catch (cause) {
      throw new NodeError('network.dns', `The host name ${host} cannot be resolved.`, { retryable: true, cause });
    }
    throw new NodeError('network.dns', `The host name ${host} has no address.`, { retryable: true });
  }

  async function connect(
    connectTo: buildConnector.connector,
    target: buildConnector.Options,
    callback: buildConnector.Callback,
  ): Promise<void> {
    const port = Number(target.port || (target.protocol === 'https:' ? 443 : 80));
    let addresses: Address[];
    try {
      if (BAD_HTTP_PORTS.has(port) && !allow.exactly(target.hostname, port)) throw badPort(target.hostname, port);
      addresses = await addressesOf(target.hostname, port);
    } catch (error) {
      callback(error as Error, null);
      return;
    }
    const tryFrom = (index: number): void =>
      connectTo({ ...target, hostname: addresses[index]!.address }, (...[error, socket]) => {
        if (error && index + 1 < addresses.length) tryFrom(index + 1);
        else if (error) callback(error, null);
        else callback(null, closingOnError(socket));
      });
    tryFrom(0);
  }

  function agent(context: SecureContext | null): Agent {
    const connectTo = buildConnector({
      timeout: options.connectTimeoutMs ?? 10_000,
      ...(options.ca !== undefined && { ca: options.ca }),
      ...(context !== null && { secureContext: context }),
    });
    return new Agent({
      headersTimeout: LONGEST_SILENCE_MS,
      connect: (target, callback) => void connect(connectTo, target, callback),
    });
  }

  const dispatcher = agent(null);
  return {
    dispatcher,
    secured: (context) => {
      const secured = agent(context);
      return { dispatcher: secured, close: () => secured.destroy() };
    },
    resolve: async (host, port) => (await addressesOf(host, port))[0]!,
    close: () => dispatcher.destroy(),
  };
}

/**
 * With TLS 1.3 a server refuses the client's certificate after the handshake. The socket then reports the reason and
 * stays open until the server closes it; undici would report the close as the reason.
 */
function closingOnError(socket: Socket): Socket {
  return socket.once('error', (error) => socket.destroy(error));
}

/** A literal address needs no resolution: it is returned in canonical form. */
function literal(host: string): Address[] | null {
  const address = normalAddress(host);
  return address === null ? null : [{ address, family: address.includes(':') ? 6 : 4 }];
}

async function systemLookup(host: string): Promise<Address[]> {
  const found = await dnsLookup(host, { all: true, order: 'ipv4first' });
  return found.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }));
}

function forbidden(host: string, port: number): NodeError {
  return new NodeError(
    'network.forbidden',
    `${written(host, port)} is, or leads to, a private, local or reserved address, which nodes may not reach. ` +
      'The operator can allow it with BLOK_ALLOW_HOSTS.',
  );
}

function ownForbidden(host: string, port: number, { what }: OwnServer): NodeError {
  const at = written(host, port);
  return new NodeError(
    'network.forbidden',
    `${at} is, or leads to, ${what}, which belongs to this installation of Blok, and nodes may not reach it. ` +
      `The operator can allow it by listing exactly this address: BLOK_ALLOW_HOSTS=${at}.`,
  );
}

/** `host:port`, with brackets around an IPv6 address: as BLOK_ALLOW_HOSTS takes it. */
const written = (host: string, port: number): string =>
  `${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}:${port}`;

function badPort(host: string, port: number): NodeError {
  return new NodeError(
    'network.forbidden',
    `Port ${port} belongs to a protocol other than HTTP and is not allowed. The operator can allow it by listing it with ` +
      `its host: BLOK_ALLOW_HOSTS=${written(host, port)}.`,
  );
}
