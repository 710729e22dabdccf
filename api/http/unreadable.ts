import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { RequestError } from '@hono/node-server';
import { ApiProblem, PROBLEM_TYPE, PROBLEMS, type ProblemCode, problemBody } from './problem.ts';

/** Largest address and headers together, in bytes. */
export const MAX_HEAD_BYTES = 16_384;
/** Most headers of a request. */
export const MAX_HEADERS = 200;

type Answer = readonly [ProblemCode, detail: string];

const UNREADABLE: Answer = ['request.invalid', 'This is not a readable HTTP request.'];
const LENGTH: Answer = [
  'request.invalid',
  'The length of the body is not clear: send one Content-Length, or Transfer-Encoding: chunked, and not both.',
];

/** Errors of Node's HTTP parser, as problems. */
const CODES: Readonly<Record<string, Answer>> = {
  HPE_HEADER_OVERFLOW: ['header.tooLarge', 'Address and headers together take at most 16 KB.'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: ['body.tooLarge', 'The extensions of the chunks are too large. Send none.'],
  HPE_INVALID_CONTENT_LENGTH: LENGTH,
  HPE_UNEXPECTED_CONTENT_LENGTH: LENGTH,
  HPE_INVALID_TRANSFER_ENCODING: LENGTH,
  HPE_INVALID_CHUNK_SIZE: ['request.invalid', 'The size of a chunk cannot be read.'],
  HPE_INVALID_EOF_STATE: ['request.invalid', 'The request broke off before its end.'],
  ERR_HTTP_REQUEST_TIMEOUT: ['request.timeout', 'The request took too long to arrive.'],
  CONNECT: ['method.notAllowed', 'This server is no proxy.'],
};

/** Answers bytes that are not a request (an unknown method, endless headers) with a problem, too. */
export function refuseUnreadable(error: { code?: string }, socket: Duplex): void {
  // In the middle of another answer, a problem would be taken for a part of it.
  const { _httpMessage: answering } = socket as { _httpMessage?: ServerResponse };
  if (error.code === 'ECONNRESET' || !socket.writable || answering?.headersSent) return void socket.destroy();
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
  // Who goes on sending would keep the connection open.
  setTimeout(() => socket.destroy(), LINGER_MS).unref();
}

/** How long a caller that was refused has for reading why. */
const LINGER_MS = 2_000;

/** What is wrong with requests that can be read, and are refused before anybody looks at their address. */
const UNCLEAR = {
  headers: ['header.tooLarge', `A request has at most ${MAX_HEADERS} headers.`],
  host: ['request.invalid', 'A request has one Host.'],
  user: ['request.invalid', 'The address names a user. Send credentials in Authorization.'],
  type: ['request.invalid', 'A request has at most one Content-Type.'],
  coding: ['request.invalid', 'The only Transfer-Encoding is "chunked". Name a compression in Content-Encoding.'],
  expectation: ['expectation.unknown', 'The only thing to expect of this server is "100-continue".'],
} as const satisfies Readonly<Record<string, Answer>>;

/** Answers a request without reading its body, and closes the connection. @returns true */
export function refuseRequest(response: ServerResponse, why: keyof typeof UNCLEAR): true {
  const [code, detail] = UNCLEAR[why];
  response.writeHead(PROBLEMS[code][0], { 'content-type': PROBLEM_TYPE, connection: 'close' });
  response.end(bodyOf(code, detail));
  return true;
}

/** Answers a request whose address or host is not valid; any other error that arrives here is our own fault. */
export function refuseUnaddressed(error: unknown): Response {
  const [code, detail] = error instanceof RequestError ? UNREADABLE : (['internal', 'An error on our side.'] as const);
  return new Response(bodyOf(code, detail), { status: PROBLEMS[code][0], headers: { 'content-type': PROBLEM_TYPE } });
}

const bodyOf = (code: ProblemCode, detail: string): string =>
  JSON.stringify(problemBody(new ApiProblem(code, detail), `urn:request:${randomUUID()}`));
