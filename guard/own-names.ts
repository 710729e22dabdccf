/** The names that browsers give to this machine itself. No DNS server has a say in where they lead. */
const LOOPBACK: readonly string[] = ['127.0.0.1', 'localhost', '[::1]'];

/** Listening there means listening on every address of the machine: it is no name to call the server by. */
const WILDCARDS: readonly string[] = ['0.0.0.0', '[::]'];

/** Where a server listens, and the address that its operator gives to others. */
export interface ListeningServer {
  readonly port: number;
  /** Address it listens on. Default: the loopback address. */
  readonly host?: string;
  readonly publicUrl?: string;
}

/**
 * The origins under which a server answers: the public address, the loopback names with the port it listens on, and the
 * one address it listens on, if there is one. A public address on this machine stands for all loopback names, because
 * the published port of a container is another one than the port inside.
 *
 * @example ownOrigins({ port: 4400, publicUrl: 'https://blok.example' }) // https://blok.example, http://localhost:4400, …
 */
export function ownOrigins({ port, host, publicUrl }: ListeningServer): ReadonlySet<string> {
  const urls = [
    publicUrl,
    host && `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    `http://localhost:${port}`,
  ];
  return new Set(urls.flatMap((url) => (url ? originsAt(url) : [])));
}

/** Whether an origin is this machine's own name for itself. */
export const isLoopbackOrigin = (origin: string): boolean => LOOPBACK.includes(new URL(origin).hostname);

/** The origin of an address, with its brothers on the loopback address. None for a wildcard or another protocol than HTTP. */
function originsAt(address: string): string[] {
  const url = URL.parse(address);
  if (url === null || !/^https?:$/.test(url.protocol) || WILDCARDS.includes(url.hostname)) return [];
  if (!LOOPBACK.includes(url.hostname)) return [url.origin];
  return LOOPBACK.map((name) => new URL(`${url.protocol}//${name}:${url.port}`).origin);
}
