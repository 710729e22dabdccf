import type { Context as HonoContext } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Json, JsonObject } from '../../../graph/json.ts';
import type { Context } from '../../context.ts';
import { ApiProblem } from '../../http/problem.ts';
import { runUrl } from '../answer.ts';
import { fileStream } from './file.ts';
import { allowedHeaders } from './headers.ts';
import type { Reply } from './wait.ts';

/** Statuses whose answers have no body. */
const BODILESS = [204, 205, 304];

/**
 * What a graph answers is data of strangers under this server's name: a browser shows it without scripts, forms and
 * plugins, and as if it came from nowhere.
 */
const CONFINED = "sandbox; frame-ancestors 'none'";

/**
 * Writes what a run has answered.
 *
 * @throws ApiProblem `hook.failed` if the run failed without an answer
 */
export async function writeReply(c: HonoContext, ctx: Context, reply: Reply, runId: string): Promise<Response> {
  c.header('content-security-policy', CONFINED);
  if (reply.kind === 'response') return writeResponse(c, ctx, reply.response as JsonObject);
  if (reply.status === 'succeeded') return writeBody(c, 200, reply.output, {});
  c.header('location', runUrl(ctx, runId));
  throw new ApiProblem('hook.failed', `The run ${runId} ended as ${reply.status}. ${runUrl(ctx, runId)} says why.`);
}

async function writeResponse(c: HonoContext, ctx: Context, response: JsonObject): Promise<Response> {
  const status = typeof response.status === 'number' ? response.status : 200;
  const headers = allowedHeaders((response.headers ?? {}) as JsonObject);
  const file = response.file as { sha256: string; contentType?: string } | undefined;
  if (file === undefined) return writeBody(c, status, response.body ?? null, headers);
  const stream = await fileStream(ctx, file.sha256);
  if (stream === null) throw new ApiProblem('hook.failed', 'The file of the answer is no longer there.');
  const type = allowedHeaders({ 'content-type': file.contentType ?? 'application/octet-stream' });
  for (const [name, value] of Object.entries({ ...type, ...headers })) c.header(name, value);
  c.header('content-length', String(stream.size));
  return c.body(stream.body, status as ContentfulStatusCode);
}

/** A text as it is, anything else as JSON, unless its headers say what it is. */
function writeBody(c: HonoContext, status: number, body: Json, headers: Readonly<Record<string, string>>): Response {
  const isText = typeof body === 'string';
  const type = isText ? 'text/plain; charset=utf-8' : 'application/json';
  for (const [name, value] of Object.entries({ 'content-type': type, ...headers })) c.header(name, value);
  if (BODILESS.includes(status)) return new Response(null, { status, headers: c.res.headers });
  return c.body(isText ? body : JSON.stringify(body), status as ContentfulStatusCode);
}
