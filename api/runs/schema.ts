import { z } from 'zod';
import { json, message, name, runId, slug } from '../http/fields.ts';

export const runStatus = z
  .enum(['running', 'waiting', 'paused', 'succeeded', 'failed', 'cancelled', 'terminated', 'timed-out'])
  .meta({ id: 'RunStatus' });

const stepStatus = z.enum(['running', 'waiting', 'succeeded', 'failed', 'skipped', 'cancelled']);
const time = z.string().describe('ISO time, UTC.');

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
  .looseObject({ id: z.string().nullable(), uses: z.string(), at: time, key: z.string().nullable() })
  .meta({ id: 'Trigger' });

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
    startedAt: time.nullable().optional(),
    endedAt: time.nullable().optional(),
  })
  .meta({ id: 'Step' });

export const wait = z
  .looseObject({
    step: z.string(),
    kind: z.enum(['timer', 'event', 'approval', 'retry', 'pause', 'run']),
    event: z.string().optional(),
    key: z.string().nullable().optional(),
    until: time.nullable().optional(),
    since: time,
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
  startedAt: time,
  endedAt: time.nullable(),
  replayedFrom: z.string().nullable().describe('Id of the run that this one repeats.'),
  url: z.string(),
  temporalUrl: z.string().nullable().describe('The run in the Temporal UI, if one is configured.'),
};

export const runSummary = z.object(summary).meta({ id: 'RunSummary' });
export const run = z
  .object({ ...summary, input: json(), output: json(), steps: z.array(step), waits: z.array(wait) })
  .meta({ id: 'Run' });
export const value = json();
export const runPage = z.object({
  items: z.array(runSummary),
  next: z.string().nullable().describe('Cursor of the next page, null at the end.'),
});
export const runView = z
  .looseObject({ runId: z.string(), status: runStatus, steps: z.array(step), waits: z.array(wait) })
  .meta({ id: 'RunView' });

export type WireRun = z.input<typeof run>;
export type WireRunSummary = z.input<typeof runSummary>;

export const runParams = z.strictObject({ id: runId() });
export const stepParams = z.strictObject({ id: runId(), step: name(1000) });

export const listQuery = z.strictObject({
  workflow: slug().optional(),
  status: runStatus.optional(),
  limit: z
    .string()
    .regex(/^\d{1,3}$/, 'must be 1 to 200')
    .transform(Number)
    .refine((n) => n >= 1 && n <= 200, 'must be 1 to 200')
    .optional(),
  cursor: z.string().max(200).optional().describe('`next` of the previous page.'),
});

export const startBody = z.strictObject({
  input: json().optional(),
  trigger: z.string().max(64).optional().describe('Id of the trigger the call stands for.'),
  version: z.int().min(1).optional().describe('Default: the published version.'),
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
export const noBody = z.strictObject({});
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
