import { z } from 'zod';
import {
  id,
  json,
  message,
  moment,
  name,
  nextPage,
  pageLimit,
  runId,
  slug,
  time,
  wholeNumber,
} from '../http/fields.ts';

export const runStatus = z
  .enum(['running', 'waiting', 'paused', 'succeeded', 'failed', 'cancelled', 'terminated', 'timed-out'])
  .meta({ id: 'RunStatus' });

export const stepStatus = z.enum(['running', 'waiting', 'succeeded', 'failed', 'skipped', 'cancelled']);

export const runError = z
  .looseObject({
    code: z.string().describe('Dotted words: `http.404`, `timeout`, `expression`, or the author’s own.'),
    message: z.string(),
    step: z.string().describe('Path of the step where the error began.'),
    node: z.string(),
    attempts: z.int(),
    unknown: z.boolean().describe('The effect may have happened.'),
    details: json().optional(),
    cause: json().optional(),
    undo: z
      .array(z.object({ step: z.string(), error: json() }))
      .optional()
      .describe('Undo steps that failed.'),
  })
  .meta({ id: 'RunError' });

export const trigger = z
  .object({ id: z.string().nullable(), uses: z.string(), at: time(), key: z.string().nullable() })
  .catchall(json())
  .meta({ id: 'RunTrigger' });

export const step = z
  .looseObject({
    path: z.string().describe('`each[3].charge`'),
    node: z.string(),
    type: z.string(),
    label: z.string().optional(),
    status: stepStatus,
    port: z.string().nullable().optional(),
    input: json().optional(),
    output: json().optional(),
    outputRef: z
      .object({ sha256: z.string(), size: z.int(), preview: z.string().optional() })
      .optional()
      .describe('Set if the output is too large to be shown here.'),
    error: runError.nullable().optional(),
    attempts: z.int(),
    startedAt: time().nullable().optional(),
    endedAt: time().nullable().optional(),
  })
  .meta({ id: 'Step' });

export const wait = z
  .looseObject({
    step: z.string(),
    kind: z.enum(['timer', 'event', 'approval', 'retry', 'pause', 'run', 'queue']),
    event: z.string().optional(),
    key: z.string().nullable().optional(),
    until: time().nullable().optional(),
    since: time(),
    detail: json().optional(),
  })
  .meta({ id: 'Wait' });

const summary = {
  id: z.string(),
  workflow: z.string(),
  version: z.int().nullable().describe('Null for a run whose graph came with the request.'),
  status: runStatus,
  trigger,
  error: runError.nullable(),
  startedAt: time(),
  endedAt: time().nullable(),
  replayedFrom: z.string().nullable().describe('Id of the run that this one repeats.'),
  url: z.string(),
  temporalUrl: z.string().nullable().describe('The run in the Temporal UI, if one is configured.'),
};

export const runSummary = z.object(summary).meta({ id: 'RunSummary' });
export const run = z
  .object({
    ...summary,
    input: json(),
    output: json(),
    steps: z.array(step),
    moreSteps: z
      .literal(true)
      .optional()
      .describe('The run has more steps than are shown here. `GET /runs/{id}/steps` lists all, a page at a time.'),
    waits: z.array(wait),
    labels: z.array(z.string()).optional().describe('Labels that somebody has given to it.'),
    isWithoutData: z
      .literal(true)
      .optional()
      .describe('The caller may not read data: inputs, outputs, and details of errors and waits are left out.'),
  })
  .meta({ id: 'Run' });
export const value = json();
export const runPage = z.object({
  items: z.array(runSummary),
  next: nextPage(),
  previous: z.string().nullable().describe('Cursor of the page before, null at the beginning.'),
});
export const runCount = z.object({
  count: z.int(),
  exact: z.boolean().describe('False: there may be more, because only so many runs were looked at.'),
});
export const runView = z
  .looseObject({ runId: z.string(), status: runStatus, steps: z.array(step), waits: z.array(wait) })
  .meta({ id: 'RunView' });

export type WireRun = z.input<typeof run>;
export type WireRunSummary = z.input<typeof runSummary>;

export const runParams = z.strictObject({ id: runId() });
export const stepParams = z.strictObject({ id: runId(), step: name(1000) });

const LABEL = name(60);

/** What a list of runs can be asked for. */
export const runFilter = {
  workflow: slug().optional(),
  version: wholeNumber(2_147_483_647).optional().describe('With `workflow`: runs of this version.'),
  status: runStatus.optional(),
  trigger: id().optional().describe('Id of the trigger.'),
  uses: name(100).optional().describe('Type of the trigger: `schedule`, `webhook`, `call`.'),
  error: name(200).optional().describe('Code of the error: `http.404`.'),
  text: name(200).optional().describe('Words of the error, all of them.'),
  key: name(255).optional().describe('Idempotency key, or the key of the event.'),
  label: LABEL.optional(),
  parent: runId().optional().describe('The run that called them.'),
  waits: z.enum(['timer', 'event', 'approval', 'retry', 'queue']).optional().describe('What they wait for.'),
  retrying: z.literal('true').optional().describe('A step waits for its next attempt: the same as `waits=retry`.'),
  from: moment().optional().describe('Started at this time or later.'),
  to: moment().optional().describe('Started before this time.'),
};

const savedName = name(100).optional().describe('Name of a saved filter; what is given besides wins.');
export const countQuery = z.strictObject({ ...runFilter, filter: savedName });
export const listQuery = z.strictObject({
  ...runFilter,
  filter: savedName,
  limit: pageLimit(200, { what: 'runs', usual: 50 }),
  cursor: z.string().max(200).optional().describe('`next` or `previous` of another page.'),
});
export const labelsBody = z.strictObject({ labels: z.array(LABEL).max(20) });

export const startBody = z.strictObject({
  input: json().optional(),
  trigger: z.string().max(64).optional().describe('Id of the trigger the call stands for.'),
  version: z.int().min(1).max(999_999_999).optional().describe('Default: the published version.'),
});

export const startGraphBody = z
  .strictObject({
    graph: json().describe('A graph: an object, or YAML or JSON text.'),
    input: json().optional(),
    vars: z.record(z.string(), json()).optional().describe('Values of variables the graph declares.'),
    trigger: z.string().max(64).optional(),
    pins: z
      .record(name(1_000), json())
      .optional()
      .describe('Outputs of steps that are not executed: by step path, or by id of the node for all of its steps.'),
    until: z.string().max(64).optional().describe('Id of a node: only what leads to it runs.'),
    from: name(1_000).optional().describe('Path of the step to begin with: what it needs must be pinned.'),
  })
  .refine((body) => body.graph !== undefined, { path: ['graph'], message: 'is missing' });

export const cancelBody = z.strictObject({ reason: z.string().max(1000).optional() });
export const tellBody = z.strictObject({
  name: name(255),
  data: message().optional(),
  id: name(255)
    .optional()
    .describe('An event told again with the same id is the same event. Default: the Idempotency-Key, else a new id.'),
});
export const approvalBody = z.strictObject({
  decision: z.enum(['approved', 'rejected']),
  by: name(255).describe('Who decides.'),
  comment: z.string().max(10_000).optional(),
  values: message().optional().describe('What the approval’s form asks for.'),
});
