import { describe, expect, it } from 'vitest';
import { createSenderOf, parseRange } from './sender.ts';

describe('the sender of a request', () => {
  const nobody = createSenderOf([]);
  const proxied = createSenderOf(['127.0.0.1', '10.1.0.0/16', 'fd00::/8']);

  it.each([
    ['198.51.100.7', undefined, '198.51.100.7'],
    // Anybody can write a header.
    ['198.51.100.7', '203.0.113.1', '198.51.100.7'],
    ['127.0.0.1', undefined, '127.0.0.1'],
    ['192.168.3.4', undefined, '192.168.3.4'],
    ['::ffff:198.51.100.7', undefined, '198.51.100.7'],
    ['2001:db8:1:2:3:4:5:6', undefined, '2001:db8:1:2::/64'],
    ['2001:db8::6', undefined, '2001:db8:0:0::/64'],
    ['2001:0DB8::6', undefined, '2001:db8:0:0::/64'],
    ['::1', undefined, '0:0:0:0::/64'],
  ])('without trusted proxies is who is connected: %s, %s', (peer, forwarded, sender) => {
    expect(nobody({ peer, forwarded })).toEqual({ name: sender, via: null });
  });

  it.each([
    ['127.0.0.1', '203.0.113.1', '203.0.113.1 via 127.0.0.1', '127.0.0.1'],
    ['127.0.0.1', '1.1.1.1, 203.0.113.1', '203.0.113.1 via 127.0.0.1', '127.0.0.1'],
    ['::ffff:172.18.0.1', '2001:db8::6', '2001:db8:0:0::/64 via 172.18.0.1', '172.18.0.1'],
    ['fe80::1', '', null, 'fe80:0:0:0::/64'],
    ['10.0.0.1', 'unknown', null, '10.0.0.1'],
    [undefined, undefined, null, 'nobody'],
  ])('is only what is said behind a proxy that is not trusted: %s, %s', (peer, forwarded, name, via) => {
    expect(nobody({ peer, forwarded })).toEqual({ name, via });
  });

  it.each([
    ['127.0.0.1', '203.0.113.1', '203.0.113.1'],
    ['127.0.0.1', '1.1.1.1, 203.0.113.1', '203.0.113.1'],
    ['127.0.0.1', '1.1.1.1, 203.0.113.1, 10.1.2.3', '203.0.113.1'],
    ['127.0.0.1', '203.0.113.1:4711', '203.0.113.1'],
    ['fd00::1', '"x", [2001:db8::1]:80', '2001:db8:0:0::/64'],
    ['198.51.100.7', '203.0.113.1', '198.51.100.7'],
  ])('behind trusted proxies is who they have seen: %s, %s', (peer, forwarded, sender) => {
    expect(proxied({ peer, forwarded })).toEqual({ name: sender, via: null });
  });

  it.each([
    // The header does not say more than that the proxies talk to each other.
    ['127.0.0.1', '10.1.2.3'],
    ['127.0.0.1', 'unknown'],
    ['127.0.0.1', '203.0.113.1, unknown'],
    ['127.0.0.1', undefined],
  ])('has no name if trusted proxies do not say who it is: %s, %s', (peer, forwarded) => {
    expect(proxied({ peer, forwarded })).toEqual({ name: null, via: '127.0.0.1' });
  });
});

it.each([
  ['10.0.0.0/8', true],
  ['10.0.0.1', true],
  ['fd00::/8', true],
  ['10.0.0.0/33', false],
  ['10.0.0/8', false],
  ['proxy', false],
  ['', false],
  ['10.0.0.0/', false],
])('knows ranges: %s is one: %s', (text, isRange) => {
  expect(parseRange(text) !== null).toBe(isRange);
});
