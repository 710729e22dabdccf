import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { createNetwork } from '../../network/network.ts';
import { somebody } from '../testing/scene.ts';
import { contentOf, mentions, subscribe } from './hints.ts';

let server: WebSocketServer;
let sockets: WebSocket[];
let heard: { method: string; params: unknown[] }[];
beforeEach(async () => {
  [sockets, heard] = [[], []];
  server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  server.on('connection', (socket) => {
    sockets.push(socket);
    socket.on('message', (text) => {
      const { id, ...asked } = JSON.parse(String(text)) as { id: number; method: string; params: unknown[] };
      heard.push(asked);
      socket.send(JSON.stringify({ jsonrpc: '2.0', id, result: 7 }));
    });
  });
  await new Promise((resolve) => server.once('listening', resolve));
});
afterEach(() => {
  for (const socket of sockets) socket.terminate();
  server.close();
});

const network = createNetwork({ allow: ['127.0.0.1'] });
const connection = (websocket: string | undefined) => ({
  ...{ name: 'chain', type: 'solana-rpc', hosts: [] },
  data: { urls: ['http://127.0.0.1:1/'], cluster: 'custom', ...(websocket && { websocket }) },
});
const address = () => `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`;
const told = (socket: WebSocket) =>
  socket.send(JSON.stringify({ jsonrpc: '2.0', method: 'logsNotification', params: { subscription: 7, result: {} } }));

it('subscribes to what is watched, and hints when something is told', async () => {
  const heardOf: string[] = [];
  const [ada, feed] = [somebody(), somebody()];
  const to = [mentions(ada, 'finalized'), contentOf(feed)];
  const listening = subscribe(
    { connection: connection(address()), network },
    { to, hint: () => void heardOf.push('hint') },
  );
  await expect.poll(() => heard.length).toBe(2);
  expect(heard).toMatchObject([
    { method: 'logsSubscribe', params: [{ mentions: [ada] }, { commitment: 'finalized' }] },
    { method: 'accountSubscribe', params: [feed, { commitment: 'finalized' }] },
  ]);
  expect(heardOf).toEqual([]);
  told(sockets[0]!);
  sockets[0]!.send('no JSON');
  told(sockets[0]!);
  await expect.poll(() => heardOf.length).toBe(2);
  listening!.close();
  await listening!.ended;
});

it('hints once more when the subscriptions are made, because nobody tells what happened before', async () => {
  const hints: string[] = [];
  const listening = subscribe(
    { connection: connection(address()), network },
    { to: [mentions(somebody(), 'finalized'), contentOf(somebody())], hint: () => void hints.push('hint') },
  )!;
  await expect.poll(() => heard.length).toBe(2);
  expect(hints).toEqual([]);
  await expect.poll(() => hints.length, { timeout: 10_000 }).toBe(1);
  listening.close();
  await listening.ended;
});

it('ends when the socket is cut, and subscribes to a hundred things at most', async () => {
  const to = Array.from({ length: 1_000 }, () => contentOf(somebody()));
  const listening = subscribe({ connection: connection(address()), network }, { to, hint: () => {} })!;
  await expect.poll(() => heard.length).toBe(100);
  sockets[0]!.terminate();
  await listening.ended;
});

it('ends at once where nobody listens, and where the guard refuses', async () => {
  const guarded = createNetwork({ allow: [] });
  const to = [contentOf(somebody())];
  await subscribe({ connection: connection('ws://127.0.0.1:1/'), network }, { to, hint: () => {} })!.ended;
  await subscribe({ connection: connection(address()), network: guarded }, { to, hint: () => {} })!.ended;
  expect(sockets).toHaveLength(0);
});

it('does not listen if the connection names no WebSocket', () => {
  expect(subscribe({ connection: connection(undefined), network }, { to: [], hint: () => {} })).toBeNull();
});
