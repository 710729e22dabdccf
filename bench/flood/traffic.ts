import { Agent } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { type Arrivals, arriveAt } from '../arrivals.ts';
import { type Posted, post } from '../post.ts';

/** What became of the requests of a time: how many answers of each status, how many connections that broke. */
export interface Answers {
  readonly sent: number;
  readonly statuses: Readonly<Record<string, number>>;
}

/** Most connections at a time. Requests beyond them wait in the sender. */
const CONNECTIONS = 400;

/** Sends so many requests a second, whether or not they are answered, as a flood does. */
export async function flood(sent: Posted, arrivals: Arrivals): Promise<Answers> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const statuses: Record<string, number> = {};
  const count = (status: string): void => {
    statuses[status] = (statuses[status] ?? 0) + 1;
  };
  const number = await arriveAt(arrivals, () => void statusOf(agent, sent).then(count));
  agent.destroy();
  return { sent: number, statuses };
}

/** Sends a request at a steady pace, whether or not the last one is answered, and tells how long each took, in milliseconds. */
export async function probe(sent: Posted, { everyMs, forMs }: { everyMs: number; forMs: number }): Promise<number[]> {
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

async function timeOf(agent: Agent, sent: Posted): Promise<number> {
  const began = performance.now();
  const status = await statusOf(agent, sent);
  if (status !== '200') throw new Error(`The other webhook answered ${status}.`);
  return performance.now() - began;
}

const statusOf = (agent: Agent, sent: Posted): Promise<string> =>
  post(agent, sent).then(
    ({ status }) => String(status),
    () => 'broken',
  );
