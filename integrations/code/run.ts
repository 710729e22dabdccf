import { z } from 'zod';
import type { Json } from '../../graph/json.ts';
import { jsonExtent } from '../../graph/json-extent.ts';
import type { NodeContext } from '../context.ts';
import { NodeError } from '../error.ts';
import { toMs } from '../schema.ts';
import { launch } from './launch/launcher.ts';
import type { Answer } from './launch/messages.ts';
import { programOf } from './program.ts';
import { chooseWall } from './sandbox.ts';
import { HEAP_MIB } from './walls.ts';

/** Largest input and output, in bytes of JSON. */
const MAX_BYTES = 1_048_576;
/** Deepest nesting of an output: every later reader of the output can walk this deep. */
const MAX_DEPTH = 200;

/** What the realm reports about a script. A script can forge the report, so its shape is checked like outside data. */
const outcomeSchema = z.object({
  ok: z.boolean(),
  value: z.string().default('null'),
  kind: z.enum(['error', 'output', 'timeout', 'pending']).default('error'),
  message: z.string().max(5000).default(''),
  line: z.int().nullable().default(null),
  /** The place in the output. */
  path: z.string().max(200).nullable().default(null),
  logs: z
    .array(z.object({ level: z.enum(['info', 'warn']), text: z.string().max(5000) }))
    .max(200)
    .default([]),
});
type Outcome = z.output<typeof outcomeSchema>;

/** Runs the author's script in a sandbox and returns its result: the work of `code.javascript`. */
export async function runScript(
  ctx: NodeContext,
  { source, input, timeout }: { source: string; input: Json; timeout: string },
): Promise<Json> {
  const inputText = JSON.stringify(input);
  if (Buffer.byteLength(inputText) > MAX_BYTES) {
    throw new NodeError(
      'code.input',
      'The input of the script is larger than 1 MiB of JSON. Give it only what it needs.',
    );
  }
  const program = programOf(source, inputText);
  const wall = await chooseWall(ctx.options?.codeSandbox ?? 'auto');
  const answer = await launch(wall, { program, timeoutMs: toMs(timeout), givesWay: ctx.inCrowd }, ctx.signal);
  const outcome = outcomeOf(answer, timeout);
  for (const { level, text } of outcome.logs) ctx.log[level](text);
  if (outcome.ok) return toValue(outcome.value);
  throw failureOf(outcome, timeout);
}

function outcomeOf(answer: Answer, timeout: string): Outcome {
  switch (answer.kind) {
    case 'timeout':
      throw timedOut(timeout);
    case 'memory':
      throw outOfMemory();
    case 'output':
      throw badOutput('its output is larger than 1 MiB of JSON');
    case 'crashed':
      throw new NodeError('code.crashed', `The sandbox of the script ended without an answer (${answer.why}).`, {
        retryable: true,
      });
    case 'answered':
      return readOutcome(Buffer.from(answer.bytes).toString('utf8'));
  }
}

const FORGOTTEN = 'a promise was rejected and nothing waits for it; put "await" before it, or catch it';

function readOutcome(text: string): Outcome {
  try {
    const said = JSON.parse(text) as { outcome?: string; forgotten?: boolean };
    const outcome = outcomeSchema.parse(said.outcome === undefined ? said : JSON.parse(said.outcome));
    return outcome.ok && said.forgotten ? { ...outcome, ok: false, message: FORGOTTEN } : outcome;
  } catch {
    throw badOutput('the script changed how its answer is written');
  }
}

function failureOf({ kind, message, line, path }: Outcome, timeout: string): NodeError {
  if (kind === 'timeout') return timedOut(timeout);
  if (kind === 'pending') {
    return new NodeError(
      'code.pending',
      'The script waits for a promise that never settles: it has no timers, network or files to wait for.',
    );
  }
  if (kind === 'output') return badOutput(message, path);
  if (/^RangeError: Array buffer allocation failed/.test(message)) return outOfMemory();
  const where = line === null ? '' : ` (line ${line})`;
  return new NodeError('code.error', `The script failed${where}: ${message}`, { details: { message, line } });
}

function toValue(text: string): Json {
  if (Buffer.byteLength(text) > MAX_BYTES) throw badOutput('its output is larger than 1 MiB of JSON');
  if (jsonExtent(text).depth > MAX_DEPTH) throw badOutput(`its output is nested deeper than ${MAX_DEPTH} levels`);
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw badOutput('the script changed how its answer is written');
  }
}

const timedOut = (timeout: string): NodeError =>
  new NodeError(
    'code.timeout',
    `The script did not end within ${timeout}. Give it less to do, or raise "timeout" (at most 10s).`,
  );

const outOfMemory = (): NodeError =>
  new NodeError('code.memory', `The script needed more memory than it may have (${HEAP_MIB} MiB).`);

const badOutput = (why: string, path: string | null = null): NodeError =>
  new NodeError(
    'code.output',
    `The script's answer cannot be used: ${why}.`,
    path === null ? {} : { details: { path } },
  );
