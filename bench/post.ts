import { type Agent, request } from 'node:http';

/** A request. */
export interface Posted {
  readonly url: string;
  readonly body: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
  /** When the sender gives up. Absent: never. */
  readonly withinMs?: number;
}

/** What a server answered. */
export interface Answer {
  readonly status: number;
  readonly text: string;
}

/**
 * Posts a body of JSON, if no header says otherwise.
 *
 * @throws Error if the connection breaks or the time is over
 */
export function post(agent: Agent, { url, body, headers = {}, withinMs }: Posted): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const own = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), ...headers };
    const limit = withinMs === undefined ? {} : { signal: AbortSignal.timeout(withinMs) };
    const sent = request(url, { method: 'POST', agent, headers: own, ...limit }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
