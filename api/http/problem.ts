import type { Problem } from '../../graph/problems/problem.ts';

/** Every problem the API answers with, by code: its status and title. The code is part of the contract. */
export const PROBLEMS = {
  'request.invalid': [400, 'The request is not as the API expects it'],
  'body.invalid': [400, 'The body cannot be read'],
  'hook.input': [400, 'The request does not fit the workflow'],
  'hook.refused': [401, 'The request was not verified'],
  'access.denied': [403, 'Your role does not include this'],
  'origin.refused': [403, 'Requests from other sites are refused'],
  'host.refused': [403, 'The host name is not one of this server’s names'],
  'route.notFound': [404, 'There is no such address'],
  'workflow.notFound': [404, 'There is no such workflow'],
  'version.notFound': [404, 'There is no such version'],
  'draft.notFound': [404, 'There is no such draft'],
  'variable.notFound': [404, 'There is no such variable'],
  'hook.notFound': [404, 'There is no such webhook'],
  'run.notFound': [404, 'There is no such run'],
  'step.notFound': [404, 'There is no such step'],
  'step.noOutput': [404, 'There is no such output'],
  'nodeType.notFound': [404, 'There is no such node type'],
  'options.none': [404, 'The node has no choices to load there'],
  'value.notFound': [404, 'There is no such value'],
  'filter.notFound': [404, 'There is no such filter'],
  'connection.notFound': [404, 'There is no such connection'],
  'link.notFound': [404, 'The link is not valid'],
  'form.notFound': [404, 'There is no such form'],
  'file.notFound': [404, 'There is no such file'],
  'trigger.notFound': [404, 'There is no such trigger'],
  'capture.notFound': [404, 'No such call is held'],
  'prompt.notFound': [404, 'There is no such prompt'],
  'budget.notFound': [404, 'There is no such budget'],
  'held.notFound': [404, 'No such events are held'],
  'method.notAllowed': [405, 'The address does not take this method'],
  'request.timeout': [408, 'The request took too long'],
  'run.ended': [409, 'The run has ended'],
  'run.open': [409, 'The run has not ended'],
  'run.notKept': [409, 'What the run needs is not kept any more'],
  'approval.notWaiting': [409, 'No approval waits there'],
  'payment.notWaiting': [409, 'The payment does not wait for a person'],
  'event.notWaiting': [409, 'No event is awaited there'],
  'form.sent': [409, 'The form was sent already'],
  'held.over': [409, 'The events are not held any more'],
  'trigger.off': [409, 'The trigger is switched off'],
  'trigger.declined': [409, 'The trigger did not start a run'],
  'trigger.unsuited': [409, 'The trigger cannot do this'],
  'connection.refused': [409, 'The connection did not get access'],
  'update.refused': [409, 'The run refused'],
  'prompt.changed': [409, 'The prompt has another version now'],
  'prompt.tooMany': [409, 'There are too many prompts'],
  'budget.tooMany': [409, 'There are too many budgets'],
  'step.notOpen': [409, 'The step is not running'],
  'step.notWaiting': [409, 'The step does not wait'],
  'step.notRetrying': [409, 'The step does not wait for another attempt'],
  'step.container': [409, 'The step is a container'],
  'temporal.unsupported': [409, 'The Temporal server cannot do this'],
  'workflow.archived': [409, 'The workflow is archived'],
  'workflow.exists': [409, 'There is such a workflow already'],
  'link.used': [410, 'The link was used already'],
  'link.over': [410, 'Nothing waits for the link any more'],
  'link.expired': [410, 'The link has expired'],
  'draft.changed': [412, 'The draft is another one now'],
  'version.changed': [412, 'Another version is published now'],
  'body.tooLarge': [413, 'The body is too large'],
  'body.type': [415, 'The body has the wrong type'],
  'expectation.unknown': [417, 'The expectation cannot be met'],
  'graph.invalid': [422, 'The graph has problems'],
  'tests.missing': [422, 'The graph comes without tests'],
  'tests.failed': [422, 'The tests of the graph fail'],
  'edit.refused': [422, 'The command cannot be applied'],
  'input.invalid': [422, 'The input does not fit the schema'],
  'output.invalid': [422, 'The output does not fit the step'],
  'step.unknown': [422, 'The graph has no such step'],
  'outputs.missing': [422, 'Outputs of steps are not known'],
  'outputs.unused': [422, 'Outputs of steps would change nothing'],
  'schema.tooCostly': [422, 'To check the value against the schema takes too long'],
  'vars.tooLarge': [422, 'The variables are too large'],
  'vars.unknown': [422, 'The graph declares no such variable'],
  'trigger.unknown': [422, 'The graph has no such trigger'],
  'run.tooDeep': [422, 'Too many runs would be above the run'],
  'trigger.expression': [422, 'An expression of the trigger failed'],
  'bulk.changed': [409, 'Other runs match now'],
  'idempotency.mismatch': [422, 'The idempotency key was used for another request'],
  'filter.tooMany': [422, 'Too many filters are kept'],
  'backfill.tooMany': [422, 'The schedule fires too often in that time'],
  'connection.invalid': [422, 'The connection does not fit its type'],
  'prompt.invalid': [422, 'The prompt has problems'],
  'approval.values': [422, 'The values do not fit the form'],
  'draft.unmatched': [428, 'The request does not say which draft it changes'],
  'run.tooMany': [429, 'Too many runs are open'],
  'hook.tooMany': [429, 'The webhook gets too many requests'],
  'guess.tooMany': [429, 'Too many attempts were wrong'],
  'header.tooLarge': [431, 'The headers are too large'],
  internal: [500, 'Something went wrong on the server'],
  'hook.failed': [500, 'The run failed'],
  'options.failed': [502, 'The provider did not give the choices'],
  'hook.unready': [503, 'The webhook is not ready'],
  'hook.busy': [503, 'The webhook takes no more requests now'],
  'stream.tooMany': [503, 'There are too many live connections'],
  'server.busy': [503, 'The server takes no more large requests now'],
  'temporal.unavailable': [503, 'Temporal cannot be reached'],
  'postgres.unavailable': [503, 'Postgres cannot be reached'],
  'worker.unavailable': [503, 'No worker answered in time'],
} as const satisfies Record<string, readonly [status: number, title: string]>;

export type ProblemCode = keyof typeof PROBLEMS;

/** Statuses that say to come again. */
const FOR_FLOODS: ReadonlySet<number> = new Set([429, 503]);

/** An answer that is a problem (RFC 9457). `detail` is shown to the caller: say what, where and how to fix it. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly code: ProblemCode;
  /** Problems of the graph, or of the input by JSON Pointer. */
  readonly problems: readonly Problem[] | undefined;
  /** What is there now, if the caller expected something else. */
  readonly current: object | null | undefined;
  /** When the request may be sent again; absent: as usual for the status. */
  readonly retryAfterMs: number | undefined;

  constructor(
    code: ProblemCode,
    detail: string,
    options: {
      problems?: readonly Problem[];
      current?: object | null;
      cause?: unknown;
      retryAfterMs?: number;
    } = {},
  ) {
    const { stackTraceLimit } = Error;
    // Whoever sends too much gets many of these, and nobody reads where they were thrown.
    if (FOR_FLOODS.has(PROBLEMS[code][0])) Error.stackTraceLimit = 0;
    super(detail, { cause: options.cause });
    Error.stackTraceLimit = stackTraceLimit;
    this.code = code;
    this.problems = options.problems;
    this.current = options.current;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** Media type of problems. */
export const PROBLEM_TYPE = 'application/problem+json';

/** The body of a problem's answer. */
export function problemBody(problem: ApiProblem, instance: string) {
  const [status, title] = PROBLEMS[problem.code];
  return {
    type: `https://blok.dev/problems/${problem.code}`,
    title,
    status,
    detail: problem.message,
    code: problem.code,
    ...(problem.problems && { problems: problem.problems }),
    ...(problem.current !== undefined && { current: problem.current }),
    instance,
  };
}
