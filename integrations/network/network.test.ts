import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSecureContext } from 'node:tls';
import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failure } from '../testing/run-node.ts';
import { isLoopback } from './loopback.ts';
import { createNetwork } from './network.ts';

let server: Server;
let port: number;
let hits = 0;

beforeAll(async () => {
  server = createServer((_, response) => {
    hits += 1;
    response.end('reached');
  });
  await new Promise<void>((resolve) => server.listen({ port: 0, host: '::', ipv6Only: false }, resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => void server.close());

const INTERNAL = [
  '127.0.0.1',
  '2130706433',
  '0x7f000001',
  '0177.0.0.1',
  '0.0.0.0',
  '[::1]',
  '[::]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[64:ff9b::7f00:1]',
  '[::127.0.0.1]',
  '169.254.169.254',
  '100.100.100.200',
  '[fd00:ec2::254]',
  '198.18.0.1',
  '192.0.0.192',
  'localhost',
  'LOCALHOST.',
  '10.1.2.3',
  '172.16.0.1',
  '192.168.1.1',
  '[2002:7f00:1::]',
  '[2001:0:7f00:1::]',
  '[64:ff9b:1::7f00:1]',
  '[fe80::1]',
  '[fec0::1]',
  '[ff02::1]',
  '168.63.129.16',
  '255.255.255.255',
];

describe('the guarded network', () => {
  it.each(INTERNAL)('refuses http://%s before anything is sent', async (host) => {
    const network = createNetwork({ allow: [] });
    const before = hits;
    const error = await failure(request(`http://${host}:${port}/`, { dispatcher: network.dispatcher }));
    expect(error.code).toBe('network.forbidden');
    expect(error.retryable).toBe(false);
    expect(error.message).toContain('BLOK_ALLOW_HOSTS');
    expect(hits).toBe(before);
    await network.close();
  });

  it.each(INTERNAL)('refuses %s to TCP clients as well', async (host) => {
    const network = createNetwork({ allow: [] });
    expect((await failure(network.resolve(host, 5432))).code).toBe('network.forbidden');
    await network.close();
  });

  it('guards a dispatcher with certificates in the same way', async () => {
    const network = createNetwork({ allow: [] });
    const { dispatcher, close } = network.secured(createSecureContext());
    const before = hits;
    for (const host of ['127.0.0.1', '169.254.169.254', '[::1]'])
      expect((await failure(request(`http://${host}:${port}/`, { dispatcher }))).code).toBe('network.forbidden');
    expect(hits).toBe(before);
    await close();
    await network.close();
  });

  it('connects to the address it checked when the name changes in between', async () => {
    let asked = 0;
    const rebinding = async () => {
      asked += 1;
      return [{ address: asked === 1 ? '203.0.113.7' : '127.0.0.1', family: 4 as const }];
    };
    // The first answer is a documentation range (refused), the second loopback (refused): neither is reached.
    const strict = createNetwork({ allow: [], lookup: rebinding });
    for (let i = 0; i < 2; i += 1) {
      const error = await failure(request(`http://rebind.example:${port}/`, { dispatcher: strict.dispatcher }));
      expect(error.code).toBe('network.forbidden');
    }
    await strict.close();

    // Allowed answer first, another afterwards: one resolution, and the checked address is the one that is used.
    asked = 0;
    const once = createNetwork({
      allow: ['127.0.0.1'],
      lookup: async () => {
        asked += 1;
        return [{ address: asked === 1 ? '127.0.0.1' : '127.0.0.2', family: 4 as const }];
      },
    });
    const response = await request(`http://rebind.example:${port}/`, { dispatcher: once.dispatcher });
    expect(await response.body.text()).toBe('reached');
    expect(asked).toBe(1);
    await once.close();
  });

  it('uses only the public ones of several addresses', async () => {
    const network = createNetwork({
      allow: [],
      lookup: async () => [
        { address: '10.0.0.1', family: 4 },
        { address: '8.8.8.8', family: 4 },
      ],
    });
    expect(await network.resolve('mixed.example', 443)).toEqual({ address: '8.8.8.8', family: 4 });
    await network.close();
  });

  it('allows what the operator listed, by host, port, address and range, and nothing else', async () => {
    const lookup = async () => [{ address: '10.2.3.4', family: 4 as const }];
    const allowed = async (entry: string, host: string, at: number) => {
      const network = createNetwork({ allow: [entry], lookup });
      const outcome = await network.resolve(host, at).then(
        () => true,
        () => false,
      );
      await network.close();
      return outcome;
    };
    expect(await allowed('db.internal', 'DB.internal.', 1)).toBe(true);
    expect(await allowed('db.internal:5432', 'db.internal', 5432)).toBe(true);
    expect(await allowed('db.internal:5432', 'db.internal', 5433)).toBe(false);
    expect(await allowed('*.internal', 'db.internal', 1)).toBe(true);
    expect(await allowed('*.internal', 'dbinternal', 1)).toBe(false);
    expect(await allowed('internal', 'db.internal', 1)).toBe(false);
    expect(await allowed('10.0.0.0/8', 'any.example', 1)).toBe(true);
    expect(await allowed('10.0.0.0/16', 'any.example', 1)).toBe(false);
    expect(await allowed('10.2.3.4:80', '10.2.3.4', 80)).toBe(true);
    expect(await allowed('[::1]:80', '::1', 80)).toBe(true);
    expect(await allowed('[::1]:80', '::1', 81)).toBe(false);
    expect(await allowed('127.0.0.0/8', '::ffff:127.0.0.1', 1)).toBe(true);
  });

  it('says which entry of the list it cannot read', () => {
    expect(() => createNetwork({ allow: ['10.0.0.0/99'] })).toThrow('"10.0.0.0/99"');
    expect(() => createNetwork({ allow: ['http://x.example/'] })).toThrow('is not an allowed host');
  });

  it('refuses ports of other protocols to HTTP', async () => {
    const network = createNetwork({ allow: [], lookup: async () => [{ address: '8.8.8.8', family: 4 }] });
    const error = await failure(request('http://mail.example:25/', { dispatcher: network.dispatcher }));
    expect(error.code).toBe('network.forbidden');
    await network.close();
  });

  it('opens a port of another protocol to HTTP only if the operator lists that port', async () => {
    const lookup = async () => [{ address: '127.0.0.1', family: 4 as const }];
    const codes = async (allow: string) => {
      const network = createNetwork({ allow: ['127.0.0.1', allow], lookup });
      const error = await request('http://odd.example:1/', { dispatcher: network.dispatcher }).catch((it) => it);
      await network.close();
      return error.code;
    };
    for (const allow of ['odd.example', '*.example', '*.example:1', 'odd.example:2'])
      expect(await codes(allow), allow).toBe('network.forbidden');
    expect(await codes('odd.example:1')).toBe('ECONNREFUSED');
  });

  it('tries the next address of a name when one does not answer', async () => {
    const network = createNetwork({
      allow: ['127.0.0.0/8', '::1'],
      lookup: async () => [
        { address: '127.0.0.1', family: 4 },
        { address: '::1', family: 6 },
      ],
    });
    const only6 = createServer((_, response) => response.end('six'));
    await new Promise<void>((resolve) => only6.listen(0, '::1', resolve));
    const url = `http://both.example:${(only6.address() as AddressInfo).port}/`;
    const response = await request(url, { dispatcher: network.dispatcher });
    expect(await response.body.text()).toBe('six');
    await network.close();
    only6.close();
  });

  it('answers a name that leads nowhere with a retryable error', async () => {
    const network = createNetwork({ allow: [], lookup: async () => [] });
    const error = await failure(network.resolve('nowhere.example', 80));
    expect([error.code, error.retryable]).toEqual(['network.dns', true]);
    await network.close();
  });
});

describe('the loopback address', () => {
  it.each([
    'localhost',
    'Localhost.',
    '127.0.0.1',
    '127.255.255.254',
    '::1',
    '[::1]',
    '::ffff:127.0.0.1',
    '2130706433',
  ])('is %s', (host) => expect(isLoopback(host)).toBe(true));

  it.each([
    '127.mail.example',
    '127.0.0.1.example',
    'localhost.example',
    'mylocalhost',
    '128.0.0.1',
    '0.0.0.0',
    '::',
    '127',
    '',
  ])('is not "%s"', (host) => expect(isLoopback(host)).toBe(false));
});
