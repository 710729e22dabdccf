import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../graph/json.ts';
import { dropAnswer, refuse } from '../testing/fake-provider/faults.ts';
import type { FakeProvider } from '../testing/fake-provider/provider.ts';
import { failure, fakeContext, runNode } from '../testing/run-node.ts';
import { mcpCall } from './mcp-call.ts';
import { mcpTools } from './mcp-tools.ts';
import { type McpState, mcpServer } from './testing/mcp-server.ts';

let server: FakeProvider<McpState>;
let url: string;
beforeAll(async () => {
  server = await mcpServer('key');
  url = `${server.base}/mcp`;
});
beforeEach(() => server.reset());
afterAll(() => server.close());

const connection = { name: 'wiki', type: 'http-bearer', data: { token: 'key' }, hosts: ['127.0.0.1', 'localhost'] };
const call = (more: object = {}, ctx = fakeContext({ connection })) =>
  runNode(mcpCall, ctx, { url, tool: 'search', args: { query: 'refunds' }, ...more });

const image: JsonObject = { type: 'image', mimeType: 'image/png', data: 'AAAA' };

it('calls a tool with the credential of the connection, and returns what it answers', async () => {
  server.state.answer = () => ({
    content: [{ type: 'text', text: 'One.' }, { type: 'text', text: 'Two.' }, image],
    structuredContent: { hits: 2 },
  });
  expect(await call()).toEqual({
    text: 'One.\nTwo.',
    structured: { hits: 2 },
    others: [{ type: 'image', mimeType: 'image/png', size: 3 }],
  });
  expect(server.state.called).toEqual([{ name: 'search', args: { query: 'refunds' } }]);
});

it('calls nothing if the tool is described otherwise than when it was accepted', async () => {
  const ctx = fakeContext({ connection });
  const { tools } = await runNode(mcpTools, ctx, { url, tools: ['search'] });
  const { sha256 } = tools[0]!;
  expect((await call({ sha256 })).text).toBe('search has answered');
  server.state.tools[0]!.description = 'Something else.';
  expect((await failure(call({ sha256 }))).code).toBe('mcp.changed');
  expect(server.state.called).toHaveLength(1);
});

describe('a failure', () => {
  it('of the tool is told in its words', async () => {
    server.state.answer = () => ({ isError: true, content: [{ type: 'text', text: 'No such page.' }] });
    expect(await failure(call())).toMatchObject({
      code: 'mcp.failed',
      retryable: false,
      message: expect.stringContaining('No such page.'),
    });
  });

  it('of the protocol is final', async () => {
    server.state.answer = () => null as never;
    expect((await failure(call())).retryable).toBe(false);
  });

  it('of the credential is final', async () => {
    const wrong = fakeContext({ connection: { ...connection, data: { token: 'no' } } });
    expect(await failure(call({}, wrong))).toMatchObject({ code: 'mcp.401', retryable: false });
  });

  it.each([429, 503])('with %s is tried again', async (status) => {
    server.fail('POST /mcp', refuse(status, {}));
    expect(await failure(call())).toMatchObject({ code: `mcp.${status}`, retryable: true });
  });

  it('that loses the answer leaves open whether the tool was called, and is not repeated', async () => {
    // The first two requests open the conversation.
    server.fail('POST /mcp', null, null, dropAnswer);
    expect(await failure(call())).toMatchObject({ unknown: true, retryable: false });
    expect(server.state.called).toHaveLength(1);
  });

  it('of the handshake has certainly called nothing, and is tried again', async () => {
    server.fail('POST /mcp', dropAnswer);
    expect(await failure(call())).toMatchObject({ unknown: false, retryable: true });
    expect(server.state.called).toEqual([]);
  });

  it('after an attempt whose end nobody knows is final, and the tool is not called again', async () => {
    const again = fakeContext({ connection, attempt: 2, lookBefore: true });
    expect(await failure(call({}, again))).toMatchObject({ code: 'mcp.unknown', unknown: true, retryable: false });
    expect(server.requests).toEqual([]);
  });

  it('is an address that is none', async () => {
    expect((await failure(call({ url: 'file:///etc/passwd' }))).code).toBe('mcp.address');
  });
});

it('sends the credential to no other host', async () => {
  const bound = fakeContext({ connection: { ...connection, hosts: ['wiki.example'] } });
  expect((await failure(call({}, bound))).code).toBe('connection.host');
  expect(server.requests).toEqual([]);
});

it('reads no answer without end', async () => {
  server.state.answer = () => ({ content: [{ type: 'text', text: 'x'.repeat(5_000_000) }] });
  expect((await failure(call())).code).toBe('mcp.tooLarge');
});
