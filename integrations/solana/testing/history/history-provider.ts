import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import type { History } from './history.ts';
import { answerCall, type Faults, noFaults, type RpcError } from './methods.ts';

/** A provider on a scripted chain. */
export interface HistoryProvider {
  readonly url: string;
  readonly faults: Faults;
  /** Methods that were called, in order; those of a batch one by one. */
  readonly calls: string[];
  /** Address of its WebSocket. */
  readonly websocket: string;
  /** Subscriptions that were made so far. */
  subscriptions(): number;
  /** Cuts all sockets. */
  cut(): void;
  /** Requests of HTTP. */
  requests(): number;
  close(): Promise<void>;
}

interface Call {
  readonly id: number;
  readonly method: string;
  readonly params: readonly unknown[];
}

/** Starts a provider. @param before is told of each call, and may throw: then the connection breaks instead of an answer */
export async function startHistoryProvider(
  history: History,
  before: (method: string) => void = () => {},
): Promise<HistoryProvider> {
  const faults = noFaults();
  const calls: string[] = [];
  let requests = 0;

  const reply = ({ id, method, params }: Call) => {
    calls.push(method);
    try {
      return { jsonrpc: '2.0', id, result: answerCall(history, faults, method, params) };
    } catch (error) {
      const { code = -32_603, message } = error as RpcError;
      return { jsonrpc: '2.0', id, error: { code, message } };
    }
  };

  const server = createServer(async (request, response) => {
    requests += 1;
    if (faults.down) return void request.socket.destroy();
    const asked = JSON.parse(await bodyOf(request)) as Call | Call[];
    const status = Array.isArray(asked) && faults.batchStatus !== null ? faults.batchStatus : faults.http;
    if (status !== null) return void response.writeHead(status, { 'retry-after': '1' }).end('no');
    try {
      for (const { method } of [asked].flat()) before(method);
    } catch {
      return void request.socket.destroy();
    }
    const answer = Array.isArray(asked) ? asked.map(reply).reverse() : reply(asked);
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const told = tellOf(history, server);
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    ...{ url: `http://${host}/`, websocket: `ws://${host}/` },
    ...{ faults, calls, requests: () => requests, subscriptions: told.count, cut: told.cut },
    close: () =>
      new Promise((resolve) => {
        told.close();
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** Tells those who have subscribed to an address of each transaction that becomes final. */
function tellOf(history: History, server: Server) {
  const sockets = new WebSocketServer({ server });
  const wanted = new Map<WebSocket, Set<string>>();
  let count = 0;
  sockets.on('connection', (socket) => {
    const addresses = new Set<string>();
    wanted.set(socket, addresses);
    socket.on('message', (text) => {
      const { id, params } = JSON.parse(String(text)) as { id: number; params: [{ mentions: [string] }] };
      addresses.add(params[0].mentions[0]);
      count += 1;
      socket.send(JSON.stringify({ jsonrpc: '2.0', id, result: id }));
    });
    socket.on('close', () => wanted.delete(socket));
  });
  const end = history.listen(({ accounts, signature }) => {
    const text = JSON.stringify({ jsonrpc: '2.0', method: 'logsNotification', params: { result: { signature } } });
    for (const [socket, addresses] of wanted) if (accounts.some((one) => addresses.has(one))) socket.send(text);
  });
  const cut = (): void => {
    for (const socket of wanted.keys()) socket.terminate();
  };
  return {
    count: () => count,
    cut,
    close: () => {
      end();
      cut();
      sockets.close();
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}
