import { expect, it } from 'vitest';
import { answering } from './answering.ts';

const request = { method: 'POST', body: '{"jsonrpc":"2.0","id":3,"method":"tools/list"}' };
const answered = (body: string, headers: Record<string, string> = { 'content-type': 'application/json' }) =>
  answering(async () => new Response(body, { headers }));
const read = async (body: string) => (await answered(body)('https://mcp.example', request)).text();

it.each(['[]', '{}', 'null', '7', '{"jsonrpc":"2.0","id":4,"result":{}}', '[{"jsonrpc":"2.0","method":"ping"}]'])(
  'an answer to another request is none: %s',
  async (body) => {
    await expect(read(body)).rejects.toThrow('not the request');
  },
);

it.each(['{"jsonrpc":"2.0","id":3,"result":{}}', '[{"id":4},{"id":3,"error":{}}]', 'no JSON'])(
  'an answer, and what the library refuses by itself, pass: %s',
  async (body) => {
    expect(await read(body)).toBe(body);
  },
);

it('so do events, and whatever answers a notification', async () => {
  const events = await answered('data: {}\n\n', { 'content-type': 'text/event-stream' })(
    'https://mcp.example',
    request,
  );
  expect(await events.text()).toBe('data: {}\n\n');
  const noted = await answered('[]')('https://mcp.example', { method: 'POST', body: '{"method":"initialized"}' });
  expect(await noted.text()).toBe('[]');
});
