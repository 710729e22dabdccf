import { z } from 'zod';
import { duration, json, text } from '../document/fields.ts';
import { MAX_CASES } from '../limits.ts';

/** How a run can end, or not begin, in a graph test. */
export const STATUSES = [
  'succeeded',
  'failed',
  'cancelled',
  'timed-out',
  'waiting',
  'declined',
  'refused',
  'running',
] as const;

/** What can be expected of a step in one word. */
export const STEP_WORDS = [
  'succeeded',
  'failed',
  'skipped',
  'cancelled',
  'waiting',
  'running',
  'ran',
  'notRun',
] as const;

/** A duration after the start of the run, or an ISO time. Read by `timeOf`. */
const time = (description: string) =>
  z.string().describe(`${description} A duration after the start of the run, such as \`2d\`, or an ISO time.`);

const name = 'by step path (`each[3].charge`), or by node id for every step of the node';

const failure = z.union([
  z.string().min(1).describe('The code of the error.'),
  z.strictObject({
    code: text('The code of the error, such as `http.503`.'),
    message: text('Its message; the code if not given.').optional(),
    times: z
      .int()
      .min(1)
      .max(1_000)
      .describe('How many attempts fail; the next one succeeds with the pin. All of them if not given.')
      .optional(),
    retryable: z.boolean().describe('Whether another attempt may be made. True with `times`, else false.').optional(),
    unknown: z.boolean().describe('Whether the effect may have happened all the same.').optional(),
    details: json('Data of the error.').optional(),
  }),
]);

const event = z.strictObject({
  name: text('Name of the event.'),
  key: text('Its key.').optional(),
  data: json('Its data; null if not given.').optional(),
  at: time('When it arrives; as soon as something waits for it if not given.').optional(),
});

const expectedError = z.union([
  z.string().min(1).describe('The code of the error.'),
  z.strictObject({
    code: text('Its code.').optional(),
    message: text('A part of its message.').optional(),
    step: text('Path of the step where it began.').optional(),
  }),
]);

const expectedStep = z.union([
  z.enum(STEP_WORDS).describe('How it ended; `ran` if it began at all, `notRun` if it was skipped or never reached.'),
  z.int().min(0).max(100_000).describe('How many times it ran.'),
  z.strictObject({
    status: z.enum(STEP_WORDS).describe('How it ended.').optional(),
    count: z.int().min(0).max(100_000).describe('How many times it ran.').optional(),
    port: text('The port it left by, such as `true` or `out`.').optional(),
    attempts: z.int().min(1).max(1_000).describe('How many attempts it took.').optional(),
    error: text('The code of its error.').optional(),
    input: json('Parts of its parameters.').optional(),
    output: json('Its output.').optional(),
    outputIncludes: json('Parts of its output.').optional(),
  }),
]);

const expectedEffect = z.union([
  z.string().min(1).describe(`The step that asks for it, ${name}.`),
  z.strictObject({
    step: text(`The step that asks for it, ${name}.`).optional(),
    uses: text('The type of the node.').optional(),
    with: json('Parts of its parameters, with their values.').optional(),
    exactly: z.boolean().describe('`with` is all of its parameters.').optional(),
    times: z.int().min(1).max(100_000).describe('How often it is asked for; once if not given.').optional(),
  }),
]);

const expectation = z
  .strictObject({
    status: z
      .enum(STATUSES)
      .describe(
        'How the run ends: `succeeded` if neither this nor `error` is given. `declined`: the `if` of the trigger is false. `refused`: the input does not fit.',
      )
      .optional(),
    output: json('The output of the run, all of it.').optional(),
    outputIncludes: json('Parts of the output: maps may have more fields; lists have the same length.').optional(),
    error: expectedError.describe('Why the run failed.').optional(),
    steps: z.record(z.string(), expectedStep).describe(`What became of steps, ${name}.`).optional(),
    effects: z
      .array(expectedEffect)
      .max(1_000)
      .describe('All effects that the run asks for, in any order, and no others.')
      .optional(),
    effectsInOrder: z
      .array(expectedEffect)
      .max(1_000)
      .describe('Effects that the run asks for in this order; there may be others.')
      .optional(),
    respond: json('Parts of what a waiting caller is answered: `status`, `headers`, `body`.').optional(),
    waits: z.array(z.string()).max(1_000).describe('Paths of the steps that still wait.').optional(),
    lasts: duration('How long the run takes by its own clock.').optional(),
  })
  .describe('What must be true of the run.');

const setting = {
  clock: text('ISO time at which the run starts; 2026-01-01T00:00:00Z if not given.').optional(),
  runId: text('What `run.id` is; `dry-run` if not given.').optional(),
  vars: z.record(z.string(), z.unknown()).describe('Values of variables of the graph.').optional(),
  pins: z
    .record(z.string(), z.unknown())
    .describe(
      `What effects answer: their outputs, ${name}. For an approval: \`approved\`, \`rejected\`, or \`{ decision, by, comment, values, after }\`.`,
    )
    .optional(),
  failures: z.record(z.string(), failure).describe(`Which effects fail, ${name}.`).optional(),
  takes: z
    .record(z.string(), z.string())
    .describe(`How long effects take by the run's clock, ${name}: durations. No time if not given.`)
    .optional(),
};

const caseSchema = z
  .strictObject({
    name: z.string().min(1).max(200).describe('What the case proves.'),
    input: json('Input of the run, or what its trigger brings as its input.').optional(),
    trigger: z
      .union([
        z.string().min(1).describe('Id of the trigger that fires.'),
        z.looseObject({ id: text('Id of the trigger that fires.') }).describe('What `trigger` holds.'),
      ])
      .describe('The trigger that the run stands for. Its `if` and `input` are read.')
      .optional(),
    ...setting,
    events: z.array(event).max(1_000).describe('Events that arrive.').optional(),
    cancel: time('When the run is cancelled.').optional(),
    expect: expectation,
  })
  .meta({ id: 'case' });

/** A file of graph tests. Strict: an unknown key is a problem. */
export const suiteSchema = z
  .strictObject({
    graph: text(
      'File of the graph, relative to this file. If not given, the one of the same name beside it.',
    ).optional(),
    defaults: z
      .strictObject(setting)
      .describe('What holds for every case that does not say otherwise; maps are merged by name.')
      .optional(),
    cases: z.array(caseSchema).min(1).max(MAX_CASES).describe('The cases.'),
  })
  .describe('Tests of a graph of Blok.');

/** Every key the format knows, to guess what an unknown key was meant to be. */
export const CASE_KEYS: readonly string[] = [
  ...new Set([
    ...Object.keys(suiteSchema.shape),
    ...Object.keys(caseSchema.shape),
    ...Object.keys(expectation.shape),
    ...['code', 'message', 'times', 'retryable', 'unknown', 'details', 'key', 'data', 'at'],
    ...['count', 'port', 'attempts', 'step', 'uses', 'with', 'exactly'],
  ]),
];
