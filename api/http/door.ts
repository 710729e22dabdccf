import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { retryAfterOf } from './errors.ts';
import { requestIdOf, SECURITY_HEADERS } from './guard.ts';
import { type ApiProblem, PROBLEM_TYPE, PROBLEMS, problemBody } from './problem.ts';

/** Refuses requests before the app sees them. Undefined: it has no say; null: the request goes on. */
export type Door = (request: IncomingMessage) => Promise<ApiProblem | null> | undefined;

/** How long a body that nobody wants may go on coming, so that its sender gets to read why. */
const LINGER_MS = 500;

/** Writes a problem as the app would, at a fraction of what the app costs. */
export function refuseAtDoor(request: IncomingMessage, response: ServerResponse, problem: ApiProblem): void {
  const [status] = PROBLEMS[problem.code];
  const given = request.headers['x-request-id'];
  const requestId = requestIdOf(typeof given === 'string' ? given : undefined);
  const retryAfter = retryAfterOf(problem);
  const body = JSON.stringify(problemBody(problem, `urn:request:${requestId}`));
  response.writeHead(status, {
    ...SECURITY_HEADERS,
    'content-type': PROBLEM_TYPE,
    'content-length': Buffer.byteLength(body),
    ...(retryAfter !== undefined && { 'retry-after': retryAfter }),
    'x-request-id': requestId,
  });
  response.end(body);
  if (request.complete) return;
  const { socket } = request;
  setTimeout(() => request.complete || socket.destroySoon(), LINGER_MS).unref();
}

/** How many refusals a second are answered at once. */
const FREELY = 100;
/** How long further ones wait for their answer. A sender that waits sends nothing meanwhile on the same connection. */
const HELD_MS = 500;
/** How many wait at a time, because each holds a connection. */
const MOST = 1_000;

/** Resolves when a request may be refused. */
export type HoldBack = () => Promise<void> | undefined;

/**
 * Lets refusals wait when there are many of them. Answered at once, each refused request makes room for the next one of the same
 * sender, and a flood is as fast as the server can refuse it.
 */
export function createHoldBack({ freely = FREELY, heldMs = HELD_MS, most = MOST, now = Date.now } = {}): HoldBack {
  let second = 0;
  let count = 0;
  let held = 0;
  return () => {
    const current = Math.floor(now() / 1_000);
    if (current !== second) [second, count] = [current, 0];
    count++;
    if (count <= freely || held >= most) return undefined;
    held++;
    return sleep(heldMs, undefined, { ref: false }).finally(() => held--);
  };
}
