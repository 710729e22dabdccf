import { Agent } from 'node:http';
import { isDeepStrictEqual } from 'node:util';
import { type Arrivals, arriveAt } from '../arrivals.ts';
import { post } from '../post.ts';
import { type Kind, type Request, rightOutput } from './mix.ts';

/** A request that was sent, and what its caller heard. */
export interface Sent {
  readonly kind: Kind;
  readonly number: number;
  /** Milliseconds from when the request was due to its answer. */
  readonly ms: number;
  /** The API took the request: a run must be there. */
  readonly isAccepted: boolean;
  /** What was wrong with the answer. */
  readonly fault?: string;
}

type RequestOf = (number: number) => Request;

/** A caller without an answer gives up later than the API does. */
const PATIENCE_MS = 60_000;

/** So many callers, each with one request under way: as much as the product can do. */
export async function closedLoop(
  requestOf: RequestOf,
  { callers, forMs, from }: { callers: number; forMs: number; from: number },
): Promise<{ readonly sent: Sent[]; readonly perSecond: number }> {
  const agent = new Agent({ keepAlive: true, maxSockets: callers });
  const sent: Sent[] = [];
  const began = performance.now();
  let next = from;
  const caller = async () => {
    while (performance.now() - began < forMs) sent.push(await send(agent, requestOf(next++), performance.now()));
  };
  await Promise.all(Array.from({ length: callers }, caller));
  const wall = performance.now() - began;
  agent.destroy();
  return { sent, perSecond: (sent.filter(({ fault }) => !fault).length * 1_000) / wall };
}

/** A constant rate of requests, whatever became of the earlier ones. In the order in which they were due. */
export async function openLoop(
  requestOf: RequestOf,
  { from, ...arrivals }: Arrivals & { from: number },
): Promise<Sent[]> {
  // An idle connection may be closed by the API just when the next request takes it: each has a connection of its own.
  const agent = new Agent({ keepAlive: false });
  const sent: Promise<Sent>[] = [];
  await arriveAt(arrivals, (number, dueAt) => {
    sent.push(send(agent, requestOf(from + number), dueAt));
  });
  const all = await Promise.all(sent);
  agent.destroy();
  return all;
}

async function send(agent: Agent, { kind, number, url, body }: Request, dueAt: number): Promise<Sent> {
  const { status, text } = await post(agent, { url, body, withinMs: PATIENCE_MS }).catch((error: Error) => ({
    status: 0,
    text: error.message,
  }));
  const isAccepted = status === 200 || status === 202;
  const fault = isAccepted && (status === 202 || isRight(kind, number, text)) ? undefined : `${status} ${text}`;
  return { kind, number, ms: performance.now() - dueAt, isAccepted, ...(fault ? { fault: fault.slice(0, 300) } : {}) };
}

/** Whether an answer has the right output. 202 has none yet: the run still goes on. */
function isRight(kind: Kind, number: number, text: string): boolean {
  const answer = JSON.parse(text);
  return isDeepStrictEqual(kind === 'webhook' ? answer : answer.output, rightOutput(number));
}
