import { Agent, request } from 'node:http';
import { setTimeout } from 'node:timers/promises';

/** A request, again and again. */
export interface Sent {
  readonly url: string;
  readonly body: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What became of the requests of a time: how many answers of each status, how many connections that broke. */
export interface Answers {
  readonly sent: number;
  readonly statuses: Readonly<Record<string, number>>;
}

/** Most connections at a time. Requests beyond them wait in the sender. */
const CONNECTIONS = 400;
const EVERY_MS = 5;

/** Sends so many requests a second, whether or not they are answered, as a flood does. */
export async function flood(sent: Sent, { perSecond, forMs }: { perSecond: number; forMs: number }): Promise<Answers> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const statuses: Record<string, number> = {};
  const count = (status: string): void => {
    statuses[status] = (statuses[status] ?? 0) + 1;
  };
  const began = performance.now();
  let number = 0;
  while (performance.now() - began < forMs) {
    const due = ((performance.now() - began) * perSecond) / 1_000;
    for (; number < due; number++) void statusOf(agent, sent).then(count);
    await setTimeout(EVERY_MS);
  }
  agent.destroy();
  return { sent: number, statuses };
}

/** Sends a request at a steady pace, whether or not the last one is answered, and tells how long each took, in milliseconds. */
export async function probe(sent: Sent, { everyMs, forMs }: { everyMs: number; forMs: number }): Promise<number[]> {
  const agent = new Agent({ keepAlive: true });
  const taken: Promise<number>[] = [];
  const began = performance.now();
  while (performance.now() - began < forMs) {
    taken.push(timeOf(agent, sent));
    await setTimeout(everyMs);
  }
  const times = await Promise.all(taken);
  agent.destroy();
  return times;
}

async function timeOf(agent: Agent, sent: Sent): Promise<number> {
  const began = performance.now();
  const status = await statusOf(agent, sent);
  if (status !== '200') throw new Error(`The other webhook answered ${status}.`);
  return performance.now() - began;
}

const statusOf = (agent: Agent, { url, body, headers = {} }: Sent): Promise<string> =>
  new Promise((resolve) => {
    const own = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), ...headers };
    const asked = request(url, { method: 'POST', agent, headers: own }, (response) => {
      response.resume();
      response.on('end', () => resolve(String(response.statusCode)));
      response.on('error', () => resolve('broken'));
    });
    asked.on('error', () => resolve('broken'));
    asked.end(body);
  });
