import { createServer, type Server } from 'node:http';
import { type AddressInfo, isIPv4 } from 'node:net';
import { networkInterfaces } from 'node:os';
import { createSecureContext } from 'node:tls';
import { request } from 'undici';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { failure } from '../testing/run-node.ts';
import { type Address, createNetwork, type GuardedNetwork, type NetworkOptions } from './network.ts';

let server: Server;
let port: number;
let hits = 0;
const networks: GuardedNetwork[] = [];

beforeAll(async () => {
  server = createServer((asked, response) => {
    hits += 1;
    if (asked.url === '/away') response.writeHead(302, { location: `http://127.0.0.1:${port}/` });
    response.end('reached');
  });
  await new Promise<void>((resolve) => server.listen({ port: 0, host: '::', ipv6Only: false }, resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => void server.close());
afterEach(async () => {
  for (const network of networks.splice(0)) await network.close();
  vi.useRealTimers();
});

const network = (options: NetworkOptions): GuardedNetwork => {
  networks.push(createNetwork(options));
  return networks.at(-1)!;
};
const address = (text: string): Address => ({ address: text, family: isIPv4(text) ? 4 : 6 });
const what = 'the API (PORT)';

/** Every address that a machine has of its own. */
const interfaces = Object.values(networkInterfaces()).flatMap((list) =>
  (list ?? []).map((own) => (own.family === 'IPv4' ? own.address : `[${own.address.replace(/%.*/, '')}]`)),
);

const SPELLINGS = [
  '127.0.0.1',
  '127.0.0.2',
  '127.255.255.254',
  '127.1',
  '2130706433',
  '0x7f000001',
  '0x7f.1',
  '0177.0.0.1',
  '017700000001',
  '0.0.0.0',
  '0',
  '[::1]',
  '[::]',
  '[0:0:0:0:0:0:0:1]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[::127.0.0.1]',
  '[64:ff9b::7f00:1]',
  '[2002:7f00:1::]',
  'localhost',
  'LOCALHOST.',
  'stranger.example',
  'stranger.example.',
  ...interfaces,
];

describe('a server of the installation', () => {
  /** The operator opens everything, but not this server. */
  const open = (own: string, at = port): GuardedNetwork =>
    network({
      allow: ['0.0.0.0/0', '::/0', '127.0.0.1', 'localhost', '*.example', 'stranger.example'],
      own: [{ host: own, port: at, what }],
      lookup: async () => [address('127.0.0.1')],
    });

  it.each(SPELLINGS)('is not reached as http://%s', async (host) => {
    for (const own of ['127.0.0.1', 'localhost', '0.0.0.0', 'own.example']) {
      const before = hits;
      const { dispatcher } = open(own);
      const error = await failure(request(`http://${host}:${port}/`, { dispatcher }));
      expect([error.code, error.retryable]).toEqual(['network.forbidden', false]);
      expect(error.message).toMatch(
        /the API \(PORT\), which belongs to this installation.*BLOK_ALLOW_HOSTS=\S+:\d+\.$/,
      );
      expect(hits).toBe(before);
    }
  });

  it.each(SPELLINGS)('is not reached as %s by a client of another protocol', async (host) => {
    expect((await failure(open('127.0.0.1', 5544).resolve(host, 5544))).code).toBe('network.forbidden');
  });

  it('is not reached with certificates of a connection', async () => {
    const { dispatcher, close } = open('127.0.0.1').secured(createSecureContext());
    expect((await failure(request(`http://127.0.0.1:${port}/`, { dispatcher }))).code).toBe('network.forbidden');
    await close();
  });

  it('leaves the other ports of the machine open', async () => {
    const { dispatcher } = open('127.0.0.1', port === 1 ? 2 : 1);
    const answer = await request(`http://127.0.0.1:${port}/`, { dispatcher });
    expect(await answer.body.text()).toBe('reached');
  });

  it('leaves the same port of other machines open', async () => {
    expect(await open('127.0.0.1', 5432).resolve('203.0.113.9', 5432)).toEqual(address('203.0.113.9'));
    expect(await open('203.0.113.8', 5432).resolve('203.0.113.9', 5432)).toEqual(address('203.0.113.9'));
    expect(await open('10.0.0.1', 443).resolve('2001:4860:4860::1', 443)).toEqual(address('2001:4860:4860::1'));
  });

  it.each([
    ['10.0.0.7', '[64:ff9b::a00:7]'],
    ['10.0.0.7', '[::ffff:10.0.0.7]'],
    ['10.0.0.7', '167772167'],
    ['fd00::7', '[fd00:0:0:0:0:0:0:7]'],
  ])('on another machine, at %s, is not reached as %s', async (own, host) => {
    expect((await failure(open(own, 7233).resolve(host, 7233))).code).toBe('network.forbidden');
  });

  it('is reached if the operator lists exactly its address', async () => {
    const lookup = async () => [address('127.0.0.1')];
    const reached = async (allow: string, host: string): Promise<boolean> => {
      const { resolve } = network({ allow: [allow], own: [{ host: 'localhost', port: 5544, what }], lookup });
      return resolve(host, 5544).then(
        () => true,
        () => false,
      );
    };
    expect(await reached('127.0.0.1:5544', '127.0.0.1')).toBe(true);
    expect(await reached('127.0.0.1:5544', 'localhost')).toBe(true);
    expect(await reached('db.example:5544', 'DB.example.')).toBe(true);
    expect(await reached('[::1]:5544', '::1')).toBe(true);
    expect(await reached('db.example:5544', '127.0.0.1')).toBe(false);
    expect(await reached('db.example:5544', 'other.example')).toBe(false);
    expect(await reached('127.0.0.1:5545', '127.0.0.1')).toBe(false);
    expect(await reached('127.0.0.1', '127.0.0.1')).toBe(false);
    expect(await reached('127.0.0.0/8', '127.0.0.1')).toBe(false);
    expect(await reached('db.example', 'db.example')).toBe(false);
    expect(await reached('*.example:5544', 'db.example')).toBe(false);
  });

  it('takes its own address out of the addresses of a name', async () => {
    const lookup = async () => [address('127.0.0.1'), address('203.0.113.9')];
    const { resolve } = network({ allow: ['*.example'], own: [{ host: '127.0.0.1', port: 80, what }], lookup });
    expect(await resolve('both.example', 80)).toEqual(address('203.0.113.9'));
  });
});

describe('a server of the installation that is known by name', () => {
  /** A network beside `db.corp`, whose addresses change. */
  const beside = (addresses: Record<string, string[]>) => {
    const lookup = vi.fn(async (host: string) => {
      if (!addresses[host]) throw new Error('ENOTFOUND');
      return addresses[host].map(address);
    });
    const { resolve } = network({
      allow: ['10.0.0.0/8', '*.corp'],
      own: [{ host: 'db.corp', port: 5432, what }],
      lookup,
    });
    const reaches = (host: string, at = 5432) =>
      resolve(host, at).then(
        () => true,
        () => false,
      );
    return { reaches, lookup };
  };

  it('is refused by that name, even if it leads somewhere else from here', async () => {
    const { reaches } = beside({ 'db.corp': ['10.0.0.1'] });
    expect(await reaches('DB.corp.')).toBe(false);
    expect(await reaches('db.corp', 5433)).toBe(true);
  });

  it('is refused at all of its addresses, by any other name', async () => {
    const many = Array.from({ length: 9 }, (_, n) => `10.0.0.${n + 1}`);
    const { reaches } = beside({ 'db.corp': many, 'alias.corp': ['10.0.0.9'], 'crm.corp': ['10.0.1.1'] });
    for (const one of many) expect(await reaches(one)).toBe(false);
    expect(await reaches('alias.corp')).toBe(false);
    expect(await reaches('crm.corp')).toBe(true);
  });

  it('is refused at its new address when it moves, and at the old one for a while', async () => {
    vi.useFakeTimers();
    const addresses = { 'db.corp': ['10.0.0.1'] };
    const { reaches } = beside(addresses);
    expect([await reaches('10.0.0.1'), await reaches('10.0.0.2')]).toEqual([false, true]);
    addresses['db.corp'] = ['10.0.0.2'];
    vi.advanceTimersByTime(6_000);
    expect([await reaches('10.0.0.1'), await reaches('10.0.0.2')]).toEqual([false, false]);
    vi.advanceTimersByTime(2 * 3_600_000);
    expect([await reaches('10.0.0.1'), await reaches('10.0.0.2')]).toEqual([true, false]);
  });

  it('is refused at its last known addresses while its name cannot be resolved', async () => {
    vi.useFakeTimers();
    const addresses: Record<string, string[]> = { 'db.corp': ['10.0.0.1'] };
    const { reaches } = beside(addresses);
    expect(await reaches('10.0.0.1')).toBe(false);
    delete addresses['db.corp'];
    vi.advanceTimersByTime(6_000);
    expect(await reaches('10.0.0.1')).toBe(false);
    expect(await reaches('10.0.0.2')).toBe(true);
  });

  it('is looked up for its own port only, and not for each of many connections', async () => {
    const { reaches, lookup } = beside({ 'db.corp': ['10.0.0.1'] });
    await reaches('10.0.0.2', 80);
    expect(lookup).not.toHaveBeenCalled();
    await Promise.all(Array.from({ length: 50 }, () => reaches('10.0.0.2')));
    expect(lookup).toHaveBeenCalledTimes(1);
  });
});
