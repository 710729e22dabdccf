import type { Context as HonoContext } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Logger } from 'pino';
import { DataError, isDatabaseAway } from '../../db/index.ts';
import { TooCostly } from '../../graph/schemas/check/index.ts';
import { StartError } from '../../graph/start/index.ts';
import { RunsError } from '../runs-port.ts';
import { ApiProblem, PROBLEM_TYPE, PROBLEMS, type ProblemCode, problemBody } from './problem.ts';

/** Turns whatever was thrown into a problem. Of our own failures, callers learn only that one happened. */
export function problemOf(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error;
  if (error instanceof RunsError)
    return new ApiProblem(error.code, RUNS_DETAIL[error.code] ?? error.message, { cause: error });
  if (error instanceof StartError) return new ApiProblem(error.code, error.message, { problems: error.problems });
  if (error instanceof TooCostly) return new ApiProblem(error.code, `values${error.path}: ${error.message}`);
  if (error instanceof DataError && error.code === 'connection.notFound') {
    return new ApiProblem('connection.notFound', error.message);
  }
  if (isDatabaseAway(error)) {
    return new ApiProblem('postgres.unavailable', 'The database does not answer. Try again in a moment.', {
      cause: error,
    });
  }
  return new ApiProblem('internal', 'An error on our side. The log has it under the request id of this answer.', {
    cause: error,
  });
}

/** Writes a problem, and logs it if it is our fault. */
export function answerProblem(c: HonoContext, log: Logger, error: unknown): Response {
  const problem = problemOf(error);
  const [status] = PROBLEMS[problem.code];
  if (status >= 500 && !BUSY.has(problem.code))
    log.error({ requestId: c.get('requestId'), code: problem.code, err: problem.cause ?? problem }, 'request failed');
  const retryAfter = retryAfterOf(problem);
  if (retryAfter) c.header('retry-after', retryAfter);
  // The rest of such a body is not read: the connection cannot serve another request.
  if (status === 413 || status === 408) c.header('connection', 'close');
  c.header('content-type', PROBLEM_TYPE);
  return c.body(
    JSON.stringify(problemBody(problem, `urn:request:${c.get('requestId')}`)),
    status as ContentfulStatusCode,
  );
}

/** The value of `retry-after`, in seconds; undefined if it is of no use to send the request again. */
export function retryAfterOf({ code, retryAfterMs }: ApiProblem): string | undefined {
  if (retryAfterMs !== undefined) return String(Math.max(1, Math.ceil(retryAfterMs / 1000)));
  return RETRY_AFTER_SECONDS[PROBLEMS[code][0]];
}

/** Refusing a flood is no failure, and must not fill the log. */
const BUSY: ReadonlySet<ProblemCode> = new Set(['hook.busy', 'server.busy']);

const RETRY_AFTER_SECONDS: Readonly<Record<number, string>> = { 429: '10', 503: '2' };

const RUNS_DETAIL: Partial<Record<RunsError['code'], string>> = {
  'temporal.unavailable': 'Temporal does not answer, so nothing can be started or changed now. Try again in a moment.',
  'run.notFound': 'Temporal no longer knows this run.',
  'run.ended': 'The run has ended and takes no more messages.',
  'worker.unavailable': 'No worker answered in time. Check that a worker is running; the run itself is safe.',
};
