import { expect, it } from 'vitest';
import { exactNumbers } from './exact-numbers.ts';

const MESSAGE = '{"jsonrpc":"2.0","id":3,"result":{"ids":[7615917337495251231,42],"rate":0.1}}';
const QUOTED = '{"jsonrpc":"2.0","id":3,"result":{"ids":["7615917337495251231",42],"rate":0.1}}';

const read = async (type: string, ...parts: string[]) => {
  const body = new ReadableStream({
    start(controller) {
      for (const part of parts) controller.enqueue(new TextEncoder().encode(part));
      controller.close();
    },
  });
  const answer = await exactNumbers(async () => new Response(body, { headers: { 'content-type': type } }))('https://m');
  return answer.text();
};

it('keeps every digit of a long number in JSON and in events, wherever an event is split', async () => {
  expect(await read('application/json', MESSAGE)).toBe(QUOTED);
  const events = `event: message\r\ndata: ${MESSAGE}\r\n\r\n: 7615917337495251231\n`;
  const wanted = `event: message\ndata: ${QUOTED}\n\n: 7615917337495251231\n`;
  for (const at of [1, 20, 60, events.length - 1])
    for (const ends of ['\r\n', '\n', '\r']) {
      const said = events.replaceAll(/\r?\n/g, ends);
      expect(await read('text/event-stream', said.slice(0, at), said.slice(at))).toBe(wanted);
    }
  expect(await read('text/event-stream', `data: ${MESSAGE}\r`, '\n\r', '\n')).toBe(`data: ${QUOTED}\n\n`);
});

it('leaves everything else as it is', async () => {
  expect(await read('application/json', 'no JSON 7615917337495251231')).toBe('no JSON 7615917337495251231');
  expect(await read('text/plain', MESSAGE)).toBe(MESSAGE);
  expect(await read('text/event-stream', 'data: half {"a": 7615917337495251231')).toBe(
    'data: half {"a": 7615917337495251231',
  );
});
