import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fakeContext, runNode } from '../testing/run-node.ts';
import { markData } from './model/data.ts';
import { turn } from './turn.ts';

const asked: Record<string, unknown>[] = [];
let server: Server;
let baseUrl: string;

/** A server of chat completions: asks for a tool first, and answers when the tool has. */
beforeAll(async () => {
  server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const body = JSON.parse(text) as { messages: { role: string; content: string }[] };
    asked.push(body as never);
    const result = body.messages.find(({ role }) => role === 'tool');
    const call = { id: 'c1', type: 'function', function: { name: 'find', arguments: '{"order":7}' } };
    const message = result ? { content: `It says ${result.content}` } : { content: null, tool_calls: [call] };
    const choices = [
      { index: 0, message: { role: 'assistant', ...message }, finish_reason: result ? 'stop' : 'tool_calls' },
    ];
    const usage = { prompt_tokens: 20, completion_tokens: 5, total_tokens: 25 };
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify({ id: 'x', model: 'm', choices, usage }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
});
afterAll(() => server.close());

it('takes the turns of an agent with a real provider: the conversation passes from step to step by reference', async () => {
  const connection = { name: 'local', type: 'openai', data: { baseUrl, speaks: 'chat' }, hosts: [] };
  const ctx = fakeContext({ connection });
  const tools = {
    find: {
      description: 'Finds an order.',
      parameters: { type: 'object', properties: { order: { type: 'integer' } } },
    },
  };
  const first = await runNode(turn, ctx, { next: { start: { model: 'm', input: 'Order 7?' }, maxTurns: 4 }, tools });
  expect(first).toMatchObject({ done: false, calls: [{ id: 'c1', name: 'find', args: { order: 7 }, turn: 1 }] });
  expect(first.conversation.size).toBeGreaterThan(100);
  const { conversation } = first;
  const results = [{ id: 'c1', outputs: { find: { state: 'sent' } } }];
  const second = await runNode(turn, ctx, { next: { maxTurns: 4, conversation, results }, tools });
  expect(second.answer).toMatchObject({
    output: `It says ${markData({ name: 'answer', text: '{"state":"sent"}' })}`,
    turns: 2,
    usage: { input: 40, output: 10 },
  });
  expect(asked).toHaveLength(2);
});
