import { Agent } from 'node:http';
import { post } from '../post.ts';

/** One call of a product that starts a run and answers with its end. */
export interface Call {
  readonly url: string;
  readonly body: string;
  /** Whether the answer is that of a run that ended well. */
  readonly isRight: (status: number, body: string) => boolean;
}

/** How much is called: so many calls, or for so long, with so many under way at any time. */
export interface Amount {
  readonly callers: number;
  readonly count?: number;
  readonly forMs?: number;
}

/** What one block of calls took. */
export interface Load {
  /** Milliseconds of each call. */
  readonly times: number[];
  /** Milliseconds from the first call to the last answer. */
  readonly wall: number;
}

/**
 * Calls a product again and again.
 *
 * @throws Error if an answer is not right
 */
export async function load(call: Call, { callers, count, forMs }: Amount): Promise<Load> {
  const agent = new Agent({ keepAlive: true, maxSockets: callers });
  const times: number[] = [];
  let left = count ?? Number.POSITIVE_INFINITY;
  const began = performance.now();
  const end = began + (forMs ?? Number.POSITIVE_INFINITY);
  const caller = async () => {
    while (left-- > 0 && performance.now() < end) {
      const start = performance.now();
      await once(agent, call);
      times.push(performance.now() - start);
    }
  };
  try {
    await Promise.all(Array.from({ length: callers }, caller));
  } finally {
    agent.destroy();
  }
  return { times, wall: performance.now() - began };
}

async function once(agent: Agent, { url, body, isRight }: Call): Promise<void> {
  const { status, text } = await post(agent, { url, body });
  if (!isRight(status, text)) throw new Error(`${url} answered ${status}: ${text.slice(0, 300)}`);
}
