import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { failure, fakeContext, runNode } from '../testing/run-node.ts';
import { addressOf, hrefOf, withParameter } from './address.ts';
import { request } from './request.ts';
import { type RecordingServer, recordingServer } from './testing/recording-server.ts';

let server: RecordingServer;
beforeAll(async () => {
  server = await recordingServer((_, res) => res.writeHead(200, { 'content-type': 'application/json' }).end('[]'));
});
beforeEach(() => server.reset());
afterAll(() => server.close());

/** Latin-1 escapes, OData's dollar and quotes, a signature over the exact text, a name without a value. */
const WRITTEN = "/search?word=r%E4kki&$filter=Size/Value%20gt%205&who='o''neil'&sig=a%2Fb+c&flag";

describe('the query of an address', () => {
  const sent = async (input: object, data?: Record<string, unknown>) => {
    const connection = data ? { name: 'c', type: 'http-header', data, hosts: ['127.0.0.1'] } : null;
    await runNode(request, fakeContext({ connection }), { url: `${server.base}${WRITTEN}`, ...input });
    return server.seen.map(({ url }) => url);
  };

  it('is sent as it is written, alone and with more', async () => {
    expect(await sent({})).toEqual([WRITTEN]);
    expect(await sent({ query: { page: 2, q: 'ü &' } })).toEqual([WRITTEN, `${WRITTEN}&page=2&q=%C3%BC+%26`]);
  });

  it('stays so when pages are counted, cursors sent and keys added', async () => {
    expect(await sent({ pagination: { by: 'page' } })).toEqual([`${WRITTEN}&page=1`]);
    server.reset();
    server.answer = (_, res) =>
      res
        .writeHead(200, { 'content-type': 'application/json' })
        .end(`{"d":[],"n":${server.seen.length > 1 ? null : 7}}`);
    const pagination = { by: 'cursor', cursor: 'n', parameter: 'after', items: 'd' };
    expect(await sent({ pagination })).toEqual([WRITTEN, `${WRITTEN}&after=7`]);
    server.reset();
    expect(await sent({}, { name: 'key', value: 'k 1', in: 'query' })).toEqual([`${WRITTEN}&key=k+1`]);
  });

  it.each([
    ['http://x.example', 'http://x.example/'],
    ['http://x.example/?', 'http://x.example/?'],
    ['http://x.example/a b?c d=é"<>|#part', 'http://x.example/a%20b?c%20d=%C3%A9%22%3C%3E|'],
    [' http://x.example/?a=1\n ', 'http://x.example/?a=1'],
    ['http://x.example/?a=\ud800', 'http://x.example/?a=%EF%BF%BD'],
    ['http://x.example/#?a=1', 'http://x.example/'],
  ])('of %j is escaped only where it must be', (text, expected) => {
    expect(hrefOf(addressOf(text, undefined))).toBe(expected);
  });

  it.each([
    ['', 'http://x.example/?a=9'],
    ['?', 'http://x.example/?a=9'],
    ['?b=%E4', 'http://x.example/?b=%E4&a=9'],
    ['?b=1&', 'http://x.example/?b=1&a=9'],
    ['?a=1&b=%E4&%61=2&c', 'http://x.example/?a=9&b=%E4&c'],
  ])('%j takes a parameter in its place', (query, expected) => {
    expect(hrefOf(withParameter(addressOf(`http://x.example/${query}`, undefined), 'a', '9'))).toBe(expected);
  });

  it('is never shown in errors', async () => {
    server.answer = (_, res) => res.writeHead(404).end();
    const error = await failure(runNode(request, fakeContext(), { url: `${server.base}${WRITTEN}` }));
    expect(error.message).not.toContain('sig');
  });
});
