import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request the fake API saw. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly query: Record<string, string>;
  readonly headers: Record<string, unknown>;
  readonly body: unknown;
}

export interface Answer {
  readonly status?: number;
  readonly body?: unknown;
  /** Cut the connection instead of answering. */
  readonly hangUp?: true;
}

/** Answers by `METHOD /path`: each call gets the next answer of the list, and the last answer is repeated. */
export type Answers = Readonly<Record<string, readonly Answer[] | ((seen: Seen) => Answer)>>;

/** A local HTTP server that answers as told and remembers its requests. */
export async function startFakeApi(answers: Answers): Promise<{ url: string; seen: Seen[]; close(): Promise<void> }> {
  const seen: Seen[] = [];
  const counts = new Map<string, number>();
  const server: Server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString('utf8');
    const isJson = request.headers['content-type'] === 'application/json';
    const call: Seen = {
      method: request.method ?? '',
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: request.headers,
      body: isJson ? JSON.parse(text) : text,
    };
    seen.push(call);
    const key = `${call.method} ${call.path}`;
    const given = answers[key];
    const at = counts.get(key) ?? 0;
    counts.set(key, at + 1);
    const answer = typeof given === 'function' ? given(call) : given?.[Math.min(at, given.length - 1)];
    if (answer?.hangUp) return void request.socket.destroy();
    const { status, body } = answer ?? { status: 404, body: { code: 'not-found', detail: `No ${key} here.` } };
    response.writeHead(status ?? 200, { 'content-type': 'application/json' });
    response.end(typeof body === 'string' ? body : JSON.stringify(body ?? null));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
