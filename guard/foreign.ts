import { isIP } from 'node:net';
import { isLoopbackOrigin } from './own-names.ts';

/** The parts of a request that say where it comes from. */
export interface Arrival {
  readonly method: string;
  readonly path: string;
  /** The value of a header; the name is in lower case. */
  readonly header: (name: string) => string | undefined;
}

/** Why a request is refused: the server has no such name, or another site's page sent it. */
export type Refusal = 'host' | 'origin';

/** What a guard lets pass. */
export interface GuardOptions {
  /** Origins under which the server answers, as `ownOrigins` lists them. `host:port` alone stands for http. */
  readonly own: Iterable<string>;
  /** Paths that tell a prober whether the server is well. They are also read by address: probers know no name. */
  readonly probes?: readonly string[];
  /** Whether reading a path has effects. A link on another site must not lead there. */
  readonly acts?: (path: string) => boolean;
}

/**
 * Tells what a web page of a stranger makes a browser send to a server in the user's own network, from what the user and
 * the user's programs send:
 *
 * - A `Host` that is no name of the server. A hostile DNS server can point its own name here, and then the browser takes
 *   the stranger's page and this server for the same site. Nobody but the operator says which names are the server's.
 * - An `Origin` of another scheme, host or port, or `null`; or a `Sec-Fetch-Site` that says so. Only the page that follows
 *   a link (a person's click in a mail) may come from elsewhere, if it reads and changes nothing.
 *
 * @returns a function that says why a request is refused, or null
 */
export function createGuard({
  own,
  probes = [],
  acts = () => false,
}: GuardOptions): (request: Arrival) => Refusal | null {
  const origins = [...own].flatMap((name) => URL.parse(name.includes('://') ? name : `http://${name}`)?.origin ?? []);
  return (request) => {
    const host = request.header('host') ?? '';
    const named = origins.filter((origin) => isNamed(origin, host));
    const isProbe = isReading(request) && probes.includes(request.path) && isAddress(host);
    if (named.length === 0 && !isProbe) return 'host';
    // Behind a proxy the Host may be an inner name, but the page comes from the public address.
    const pages = origins.filter((origin) => named.includes(origin) || !isLoopbackOrigin(origin));
    const isLink = isFollowedLink(request) && !acts(request.path);
    return isForeign(request, pages) && !isLink ? 'origin' : null;
  };
}

/** Whether a `Host` header means this origin. The default port may be written or not. */
function isNamed(origin: string, host: string): boolean {
  if (!/^(\[[0-9a-f:.]+\]|[\w.-]+)(:\d{1,5})?$/i.test(host)) return false;
  const { protocol, host: own } = new URL(origin);
  return URL.parse(`${protocol}//${host}`)?.host === own;
}

/** An IP address, with or without a port, or no name at all (HTTP/1.0). No DNS server can point such a name here. */
const isAddress = (host: string): boolean => host === '' || isIP(host.replace(/:\d+$/, '').replace(/^\[|\]$/g, '')) > 0;

function isForeign({ header }: Arrival, pages: readonly string[]): boolean {
  const site = header('sec-fetch-site') ?? 'none';
  const origin = header('origin');
  return !['same-origin', 'none'].includes(site) || (origin !== undefined && !pages.includes(origin.toLowerCase()));
}

const isReading = ({ method }: Arrival): boolean => method === 'GET' || method === 'HEAD';

/** Whether a browser opens the address as a page of its own. */
const isFollowedLink = (request: Arrival): boolean =>
  isReading(request) &&
  request.header('origin') === undefined &&
  request.header('sec-fetch-mode') === 'navigate' &&
  (request.header('sec-fetch-dest') ?? 'document') === 'document';
