import { createServer } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { BLOCKED_PORTS, blockedPorts, hiddenAddress } from './hidden-address.ts';

const servers: ReturnType<typeof createServer>[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

function listen(port: number, host: string): Promise<void> {
  const server = createServer((_, answer) => answer.end('here'));
  servers.push(server);
  return new Promise((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
}

describe('hiddenAddress', () => {
  it.each(BLOCKED_PORTS)('takes only ports like %i, to which fetch sends nothing', async (port) => {
    // Node's fetch follows the same standard as browsers do.
    const error = await fetch(`http://127.0.0.1:${port}/`).catch((thrown: Error) => thrown.cause);
    expect(String(error)).toContain('bad port');
  });

  it.runIf(process.platform === 'linux')('is another loopback address each time', async () => {
    const hosts = (await Promise.all([hiddenAddress(), hiddenAddress(), hiddenAddress()])).map(({ host }) => host);
    expect(new Set(hosts).size).toBe(3);
    for (const host of hosts) expect(host).toMatch(/^127\.(?!0\.0\.1$)/);
  });

  it('has brothers that are all different, as long as ports are left', async () => {
    const ports = await blockedPorts(3);
    expect(new Set(ports).size).toBe(ports.length);
    for (const port of ports) expect(BLOCKED_PORTS).toContain(port);
    expect((await blockedPorts(100)).length).toBeLessThanOrEqual(BLOCKED_PORTS.length);
  });

  it('is a port of its own where there is only one loopback address', async () => {
    const first = await hiddenAddress('darwin');
    await listen(first.port, first.host);
    const second = await hiddenAddress('darwin');
    expect([first.host, second.host]).toEqual(['127.0.0.1', '127.0.0.1']);
    expect(BLOCKED_PORTS).toContain(second.port);
    expect(second.port).not.toBe(first.port);
  });
});
