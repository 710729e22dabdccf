/** A server nobody should trust. */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';

/** 5 GB, in bytes. */
const HUGE = 5_000_000_000;
const MEGABYTE = Buffer.alloc(1_000_000, 0x61);
/** A gzip member of 10 MB of zeros: ten thousand bytes that expand a thousandfold. */
const SWELLING = gzipSync(Buffer.alloc(10_000_000));

const TARGETS: Readonly<Record<string, string>> = {
  '/to-metadata': 'http://169.254.169.254/latest/meta-data/iam/security-credentials/',
  '/to-metadata-as-ipv6': 'http://[::ffff:169.254.169.254]/latest/',
  '/to-metadata-as-number': 'http://2852039166/latest/',
  '/to-file': 'file:///etc/passwd',
};

/**
 * Starts the server. `/endless` streams text forever, `/swelling` streams it compressed, `/declared` declares 5 GB,
 * `/empty?bytes=` is a list of empty objects;
 * `TARGETS` are redirects, and `/to?port=` redirects to a port of this machine.
 */
export async function startHostileServer(): Promise<{ host: string; sentMb(): number; close(): void }> {
  let sent = 0;
  const pour = (response: ServerResponse, chunk: Buffer) => {
    const more = () => {
      while (!response.destroyed && sent < HUGE) {
        sent += chunk.length;
        if (!response.write(chunk)) return response.once('drain', more);
      }
      response.end();
    };
    more();
  };
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url!, 'http://x');
    const target = pathname === '/to' ? `http://127.0.0.1:${searchParams.get('port')}/` : TARGETS[pathname];
    if (target !== undefined) return response.writeHead(302, { location: target }).end();
    if (pathname === '/empty') {
      const list = `[${'{},'.repeat(Number(searchParams.get('bytes')) / 3)}{}]`;
      return response.writeHead(200, { 'content-type': 'application/json' }).end(list);
    }
    const type = { 'content-type': 'text/plain' };
    if (pathname === '/declared') {
      response.writeHead(200, { ...type, 'content-length': HUGE });
      return response.write(MEGABYTE);
    }
    if (pathname === '/swelling') {
      response.writeHead(200, { ...type, 'content-encoding': 'gzip' });
      return pour(response, SWELLING);
    }
    response.writeHead(200, type);
    pour(response, MEGABYTE);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    sentMb: () => sent / 1e6,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
