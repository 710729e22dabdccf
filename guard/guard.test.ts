import { describe, expect, it } from 'vitest';
import { createGuard } from './foreign.ts';
import { type ListeningServer, ownOrigins } from './own-names.ts';

type Headers = Readonly<Record<string, string>>;

/** How a guard judges a request with these headers. */
const judge = (server: ListeningServer, headers: Headers, method = 'POST', path = '/api/runs') =>
  createGuard({ own: ownOrigins(server), probes: ['/api/health/live'], acts: (at) => at.startsWith('/hooks/') })({
    method,
    path,
    header: (name) => headers[name],
  });

const LOCAL = { port: 4400 };
const BEHIND_PROXY = { port: 4400, host: '0.0.0.0', publicUrl: 'https://blok.example/' };
const CONTAINER = { port: 4400, host: '0.0.0.0', publicUrl: 'http://localhost:8080' };

describe('the names of a server', () => {
  it.each<[string, ListeningServer, string]>([
    ['loopback', LOCAL, '127.0.0.1:4400'],
    ['loopback', LOCAL, 'LOCALHOST:4400'],
    ['IPv6', LOCAL, '[::1]:4400'],
    ['IPv6, written out', LOCAL, '[0:0:0:0:0:0:0:1]:4400'],
    ['port 80, left out', { port: 80 }, 'localhost'],
    ['listening everywhere', BEHIND_PROXY, '127.0.0.1:4400'],
    ['the public address', BEHIND_PROXY, 'blok.example'],
    ['its default port', BEHIND_PROXY, 'Blok.Example:443'],
    ['a published port', CONTAINER, 'localhost:8080'],
    ['a published port', CONTAINER, '127.0.0.1:8080'],
    ['the port inside', CONTAINER, '127.0.0.1:4400'],
    ['the address it listens on', { port: 4400, host: '192.168.1.5' }, '192.168.1.5:4400'],
    ['the address it listens on', { port: 4400, host: 'fd00::5' }, '[fd00::5]:4400'],
  ])('%s: %o answers to %s', (_, server, host) => {
    expect(judge(server, { host })).toBeNull();
  });

  it.each<[ListeningServer, string]>([
    [LOCAL, ''],
    [LOCAL, 'evil.example:4400'],
    [LOCAL, 'localhost'],
    [LOCAL, 'localhost:4401'],
    [LOCAL, '127.0.0.1:4400.evil.example'],
    [LOCAL, 'evil@127.0.0.1:4400'],
    [LOCAL, '127.0.0.1:4400/evil.example'],
    [LOCAL, 'localhost.evil.example:4400'],
    [{ port: 4400, host: '0.0.0.0' }, 'evil.example:4400'],
    [{ port: 4400, host: '0.0.0.0' }, '0.0.0.0:4400'],
    [{ port: 4400, host: '::' }, '[::]:4400'],
    [{ port: 4400, host: '0.0.0.0' }, '192.168.1.5:4400'],
    [BEHIND_PROXY, 'blok.example:4400'],
    [BEHIND_PROXY, 'sub.blok.example'],
    [{ port: 4400, publicUrl: 'file:///etc' }, 'null'],
  ])('%o does not answer to "%s"', (server, host) => {
    for (const method of ['GET', 'POST']) expect(judge(server, { host }, method)).toBe('host');
  });

  it('without any name, it answers to nobody', () => {
    const guard = createGuard({ own: [] });
    for (const host of ['localhost', '127.0.0.1:4400', 'evil.example', ''])
      expect(guard({ method: 'GET', path: '/', header: (name) => (name === 'host' ? host : undefined) })).toBe('host');
  });
});

describe('probes', () => {
  const host = '10.1.2.3:4400';
  it.each([[host], ['10.1.2.3'], ['[fd00::7]:4400'], ['']])('may ask at the address "%s"', (address) => {
    expect(judge(BEHIND_PROXY, { host: address }, 'GET', '/api/health/live')).toBeNull();
  });

  it.each([
    ['a name that a DNS server gave', 'evil.example:4400', 'GET', '/api/health/live'],
    ['another path', host, 'GET', '/api/runs'],
    ['a path below', host, 'GET', '/api/health/live/..'],
    ['a write', host, 'POST', '/api/health/live'],
  ])('may not use %s', (_, name, method, path) => {
    expect(judge(BEHIND_PROXY, { host: name }, method, path)).toBe('host');
  });
});

describe('pages of other sites', () => {
  const host = 'localhost:4400';
  it.each<[string, Headers]>([
    ['another host', { origin: 'http://evil.example' }],
    ['another port', { origin: 'http://localhost:3000' }],
    ['another scheme', { origin: 'https://localhost:4400' }],
    ['another loopback name', { origin: 'http://127.0.0.1:4400' }],
    ['a sandboxed page or a file', { origin: 'null' }],
    ['an extension', { origin: 'chrome-extension://abc' }],
    ['no origin at all, but a browser that tells', { 'sec-fetch-site': 'cross-site' }],
    ['another port of this machine', { 'sec-fetch-site': 'same-site' }],
    [
      'an own origin, but a browser that knows better',
      { origin: 'http://localhost:4400', 'sec-fetch-site': 'cross-site' },
    ],
  ])('%s: may neither write nor read', (_, headers) => {
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'GET', 'HEAD'])
      expect(judge(LOCAL, { host, ...headers }, method)).toBe('origin');
  });

  const link = { host, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
  it('may hold a link, which a person follows', () => {
    expect(judge(LOCAL, link, 'GET')).toBeNull();
    expect(judge(LOCAL, { ...link, 'sec-fetch-dest': 'document' }, 'GET')).toBeNull();
  });

  it('may not hold a link to what has effects, which a person opens only by the address itself', () => {
    expect(judge(LOCAL, link, 'GET', '/hooks/x')).toBe('origin');
    expect(judge(LOCAL, { ...link, 'sec-fetch-site': 'same-site' }, 'GET', '/hooks/x')).toBe('origin');
    for (const site of ['none', 'same-origin'])
      expect(judge(LOCAL, { ...link, 'sec-fetch-site': site }, 'GET', '/hooks/x')).toBeNull();
    expect(judge(LOCAL, { host }, 'GET', '/hooks/x')).toBeNull();
  });

  it('may not send a form, or show the server in a frame', () => {
    expect(judge(LOCAL, link, 'POST')).toBe('origin');
    for (const dest of ['iframe', 'object', 'embed', 'image'])
      expect(judge(LOCAL, { ...link, 'sec-fetch-dest': dest }, 'GET')).toBe('origin');
  });

  it.each<[string, ListeningServer, Headers]>([
    ['its own page', LOCAL, { host, origin: 'http://localhost:4400', 'sec-fetch-site': 'same-origin' }],
    ['a program', LOCAL, { host }],
    ['a person at the address bar', LOCAL, { host, 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate' }],
    ['its own page behind a proxy', BEHIND_PROXY, { host: 'blok.example', origin: 'https://blok.example' }],
    ['a proxy that renames the host', BEHIND_PROXY, { host: '127.0.0.1:4400', origin: 'https://blok.example' }],
    ['its own page at a published port', CONTAINER, { host: '127.0.0.1:8080', origin: 'http://127.0.0.1:8080' }],
  ])('are not: %s', (_, server, headers) => {
    expect(judge(server, headers)).toBeNull();
  });

  it('include the public address with another scheme', () => {
    expect(judge(BEHIND_PROXY, { host: 'blok.example', origin: 'http://blok.example' })).toBe('origin');
  });

  it('include whatever runs at the inner port of a container on the user’s machine', () => {
    expect(judge(CONTAINER, { host: 'localhost:8080', origin: 'http://localhost:4400' })).toBe('origin');
  });
});
