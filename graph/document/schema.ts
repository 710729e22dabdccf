import { z } from 'zod';
import { duration, json, text } from './fields.ts';
import { LIMIT_KEYS, limitFields } from './limit-words.ts';
import { ID_PATTERN, NEED_PATTERN, SLUG_PATTERN, USES_PATTERN } from './names.ts';

const GIVE_UP_PATTERN = '^[A-Za-z][A-Za-z0-9_.-]*\\*?$';

const slug = (description: string) => z.string().regex(new RegExp(SLUG_PATTERN)).describe(description);
const uses = (description: string) => z.string().regex(new RegExp(USES_PATTERN)).describe(description);
const id = () => z.string().regex(new RegExp(ID_PATTERN));
const parameters = (description: string) => z.record(z.string(), z.unknown()).describe(description);

const forPeople = {
  label: text('Name shown on the canvas. Free text; changing it changes nothing else.').optional(),
  notes: json('Remarks for people.').optional(),
  position: json('Where the canvas draws it.').optional(),
  meta: json('Anything a tool wants to keep. Ignored, and not part of the hash.').optional(),
};

const connection = z
  .string()
  .min(1)
  .max(100)
  .describe('Name of a connection of the workspace. Never an expression, never a secret.');

const retrySchema = z
  .strictObject({
    maxAttempts: z.int().min(1).max(1000).describe('Attempts in all, the first included.').optional(),
    delay: duration('Pause before the second attempt.').optional(),
    factor: z.number().min(1).max(100).describe('Each pause is this many times the previous pause.').optional(),
    maxDelay: duration('Longest pause.').optional(),
    attemptTimeout: duration('Limit of one attempt.').optional(),
    giveUpOn: z
      .array(z.string().regex(new RegExp(GIVE_UP_PATTERN)))
      .max(100)
      .describe('Error codes that are never retried; `http.*` stands for all codes that begin with `http.`.')
      .optional(),
  })
  .describe('How failures are retried. Missing fields come from the node type.')
  .meta({ id: 'retry' });

const inlineSchema = z
  .strictObject({
    uses: uses('Type of the node: an effect.'),
    with: parameters('Parameters.').optional(),
    connection: connection.optional(),
    retry: retrySchema.optional(),
    timeout: duration('Limit of the whole node.').optional(),
  })
  .meta({ id: 'inlineNode' });

const nodeMap = () => z.record(id(), nodeSchema);
const output = json('What the body yields: any value, with `${{ }}` in its strings.').optional();

/** One node of a body. */
export const nodeSchema: z.ZodType = z
  .strictObject({
    uses: uses(
      'Type of the node, optionally with its major version: `http.request`, `forEach`, `slack.sendMessage@2`.',
    ),
    needs: z
      .array(z.string().regex(new RegExp(NEED_PATTERN)))
      .describe('Links into the node: `id` or `id.port`. Without any, the node starts with its body.')
      .optional(),
    join: z
      .enum(['any', 'all'])
      .describe('Start when all links are settled and one is live (`any`), or when all are live (`all`).')
      .optional(),
    if: json('Guard, read when the links are settled: false skips the node.').optional(),
    with: parameters('Parameters of the node: values, resolved once when it starts.').optional(),
    connection: connection.optional(),
    retry: retrySchema.optional(),
    timeout: duration('Limit of the whole node, all attempts and waiting included.').optional(),
    onError: z
      .enum(['fail', 'continue'])
      .describe('`continue`: a failure counts as done, with the output null; `errors.<id>` says why.')
      .optional(),
    compensate: inlineSchema.describe('Undoes this node if its body fails later.').optional(),
    notify: inlineSchema.describe('Runs when the wait begins; `resume.url` exists only here.').optional(),
    dispatch: z
      .enum(['task', 'local'])
      .describe('`local` runs a short read or idempotent effect inside the interpreter’s own process.')
      .optional(),
    priority: z.int().min(1).max(5).describe('1 goes first, 5 last; 3 if not given.').optional(),
    onExpired: z
      .enum(['fail', 'wait'])
      .describe('`wait`: if its connection has lost its access, the node waits until somebody connects it again.')
      .optional(),
    get nodes(): z.ZodOptional<z.ZodType> {
      return nodeMap().describe('The body of a container.').optional();
    },
    output,
    get catch(): z.ZodOptional<z.ZodType> {
      return z
        .strictObject({
          if: json('Which errors are caught; all if not given. Sees `error`.').optional(),
          nodes: nodeMap(),
          output,
        })
        .describe('Body that handles a failure of a `try`.')
        .optional();
    },
    get finally(): z.ZodOptional<z.ZodType> {
      return z
        .strictObject({ nodes: nodeMap() })
        .describe('Body that runs after a `try`, however it ended.')
        .optional();
    },
    ...forPeople,
  })
  .describe('One node.')
  .meta({ id: 'node' });

/** One trigger. */
export const triggerSchema = z
  .strictObject({
    uses: uses('Type of the trigger: `webhook`, `schedule`, `event`, …'),
    with: parameters('Parameters of the trigger; they read `vars` only.').optional(),
    connection: connection.optional(),
    if: json('False: no run. Reads `trigger`, `input` and `vars`.').optional(),
    input: json('Input of the run, instead of the default of the trigger.').optional(),
    keepDeclined: z
      .boolean()
      .describe('Start a run also if everything behind its conditions is dead, to have it in the history.')
      .optional(),
    ...forPeople,
  })
  .meta({ id: 'trigger' });

/** The whole document, `blok: 1`. Strict: an unknown key is a problem. */
export const graphSchema = z
  .strictObject({
    blok: z.literal(1).describe('Version of the language.'),
    name: slug('Name of the workflow: lower case letters, digits and hyphens.'),
    label: text('Title for people.').optional(),
    description: text('What the workflow is for.').optional(),
    input: z.record(z.string(), z.unknown()).describe('JSON Schema of the input of a run.').optional(),
    vars: z.record(id(), z.unknown()).describe('Every variable the graph reads, with its default.').optional(),
    triggers: z.record(id(), triggerSchema).describe('What starts runs.').optional(),
    nodes: nodeMap().describe('The nodes, by id.'),
    output: json('What a run returns.').optional(),
    timeout: duration('Limit of the whole run.').optional(),
    onFailure: slug('Workflow to start when a run ends failed or timed out.').optional(),
    ...limitFields,
    execution: z
      .enum(['auto', 'durable'])
      .describe(
        '`auto`, the default: a run that only computes needs no Temporal, and is written when it has ended. `durable`: each run is a workflow in Temporal.',
      )
      .optional(),
    notes: z.record(z.string(), z.unknown()).describe('Stickers on the canvas: `{ text, position, size }`.').optional(),
    meta: json('Anything a tool wants to keep. Ignored, and not part of the hash.').optional(),
  })
  .describe('A graph of Blok, language version 1.');

/** Every key the language knows, to guess what an unknown key was meant to be. */
export const LANGUAGE_KEYS: readonly string[] = [
  ...new Set([
    ...Object.keys(graphSchema.shape),
    ...Object.keys((nodeSchema as z.ZodObject).shape),
    ...Object.keys(retrySchema.shape),
    ...Object.keys(triggerSchema.shape),
    ...LIMIT_KEYS,
  ]),
];
