import { randomUUID } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { RequestError } from '@hono/node-server';
import { ApiProblem, PROBLEM_TYPE, PROBLEMS, type ProblemCode, problemBody } from './problem.ts';

/** Errors of Node's HTTP parser, as problems. */
const CODES: Readonly<Record<string, readonly [ProblemCode, detail: string]>> = {
  HPE_HEADER_OVERFLOW: ['header.tooLarge', 'Address and headers together take at most 16 KB.'],
  ERR_HTTP_REQUEST_TIMEOUT: ['request.timeout', 'The request took too long to arrive.'],
};

const UNREADABLE = ['request.invalid', 'This is not a readable HTTP request.'] as const;

/** Answers bytes that are not a request (an unknown method, endless headers) with a problem, too. */
export function refuseUnreadable(error: Error & { code?: string }, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const [code, detail] = CODES[error.code ?? ''] ?? UNREADABLE;
  const [status, title] = PROBLEMS[code];
  const body = bodyOf(code, detail);
  const head = [
    `HTTP/1.1 ${status} ${title}`,
    `content-type: ${PROBLEM_TYPE}`,
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

/** Answers a request whose address or host is not valid; any other error that arrives here is our own fault. */
export function refuseUnaddressed(error: unknown): Response {
  const [code, detail] = error instanceof RequestError ? UNREADABLE : (['internal', 'An error on our side.'] as const);
  return new Response(bodyOf(code, detail), { status: PROBLEMS[code][0], headers: { 'content-type': PROBLEM_TYPE } });
}

const bodyOf = (code: ProblemCode, detail: string): string =>
  JSON.stringify(problemBody(new ApiProblem(code, detail), `urn:request:${randomUUID()}`));
