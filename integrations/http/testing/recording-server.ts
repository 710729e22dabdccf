import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { OpenConnection } from '../../context.ts';

/** A request as a server received it. */
export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  /** Bytes as Latin-1. */
  readonly body: string;
}

/** How the server answers the next requests. */
export type Answer = (req: IncomingMessage, res: ServerResponse, body: string) => void;

/** A server on loopback that keeps what it received; set `answer` to say what it answers. */
export interface RecordingServer {
  readonly base: string;
  readonly seen: Seen[];
  answer: Answer;
  reset(): void;
  close(): Promise<void>;
}

/** Answers with JSON. */
export const json = (res: ServerResponse, value: unknown, headers: Record<string, string> = {}): void =>
  void res.writeHead(200, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value));

/** Starts a recording server. */
export async function recordingServer(usual: Answer = (_, res) => json(res, { ok: true })): Promise<RecordingServer> {
  const http = createServer(async (req, res) => {
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString('latin1');
    recording.seen.push({ method: req.method ?? '', url: req.url ?? '', headers: req.headers, body });
    recording.answer(req, res, body);
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const recording: RecordingServer = {
    base: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    seen: [],
    answer: usual,
    reset() {
      recording.seen.length = 0;
      recording.answer = usual;
    },
    close() {
      http.closeAllConnections();
      return new Promise((resolve) => http.close(() => resolve()));
    },
  };
  return recording;
}

/** A bearer connection whose token must never be shown. */
export const bearer = (hosts: string[]): OpenConnection => ({
  name: 'api',
  type: 'http-bearer',
  data: { token: 'very-secret-token' },
  hosts,
});
