import type { IncomingMessage, ServerResponse } from 'node:http';
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
