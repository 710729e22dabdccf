import type { Json, JsonSchema } from '../../../graph/json.ts';
import { schemaProblem } from '../../../graph/schemas/check/index.ts';
import type { NodeContext } from '../../context.ts';
import { NodeError } from '../../error.ts';
import { withoutFiller } from '../../models/filler.ts';
import type { CallMemory, Message, ModelProvider, ModelRequest } from '../../models/port.ts';
import type { CallCost } from '../../spending.ts';
import { askModel, type PaidAnswer } from './ask.ts';
import { misfits } from './misfits.ts';
import { readJson } from './read-json.ts';
import { requireWhole } from './refusal.ts';
import { sumOf } from './sum.ts';

/** How often a model may correct its answer. */
export const MOST_REPAIRS = 2;

/** How much of a wrong answer the model is shown again, and how much of it an error shows. */
const SHOWN_AGAIN = 20_000;
const EXCERPT = 500;
/** Most problems of an answer that are told. */
const MOST_PROBLEMS = 10;

/** A value that is asked for. */
export interface ObjectQuestion {
  readonly request: Omit<ModelRequest, 'output' | 'tools'>;
  /** What the value is, in one word: `invoice`. */
  readonly name: string;
  readonly schema: JsonSchema;
  /** What else must hold. Returns problems in words that the model understands. */
  readonly check?: (value: Json) => readonly string[];
  readonly memoryOf?: (call: string) => CallMemory;
}

/** A value that fits, and what it took. */
export interface FoundObject extends CallCost {
  readonly value: Json;
  readonly model: string;
  readonly id: string | null;
  readonly repairs: number;
}

/**
 * Asks a model for a value of a JSON Schema. The value is checked whatever the provider promises; a wrong answer goes back
 * to the model with what is wrong about it, at most twice.
 *
 * @throws NodeError `ai.schema`, `ai.invalid`, `ai.cut`, `ai.refused`, `ai.filtered`, and what `askModel` throws
 */
export async function askObject(
  ctx: NodeContext,
  provider: ModelProvider,
  question: ObjectQuestion,
): Promise<FoundObject> {
  requireUsable(question.schema);
  const { name, schema } = wrapped(question);
  const answers: PaidAnswer[] = [];
  let messages: readonly Message[] = question.request.messages;
  for (;;) {
    const request = { ...question.request, messages, output: { name, schema: schema as Json } };
    const memory = question.memoryOf?.(answers.length === 0 ? 'answer' : `repair ${answers.length}`);
    const answer = await askModel(ctx, provider, request, memory);
    answers.push(answer);
    requireWhole(ctx, answer);
    const judged = judge(answer.text, question);
    if ('value' in judged) {
      const { model, id } = answer;
      return { value: judged.value, model, id, repairs: answers.length - 1, ...sumOf(answers) };
    }
    if (answers.length > MOST_REPAIRS) throw invalid(ctx, answer, judged.problems);
    messages = [...messages, ...repair(answer.text, judged.problems)];
  }
}

/** Strict modes want an object: any other value is the only field of one. */
function wrapped({ name, schema }: Pick<ObjectQuestion, 'name' | 'schema'>): { name: string; schema: JsonSchema } {
  if (schema.type === 'object') return { name, schema };
  const { $defs, ...inner } = schema;
  const properties = { value: inner };
  return {
    name,
    schema: {
      type: 'object',
      properties,
      required: ['value'],
      additionalProperties: false,
      ...($defs ? { $defs } : {}),
    },
  };
}

function judge(text: string, { schema, check }: ObjectQuestion): { value: Json } | { problems: readonly string[] } {
  const read = readJson(text);
  if ('problem' in read) return { problems: [`It is not usable: ${read.problem}.`] };
  const unwrapped =
    schema.type === 'object' ? read.value : ((read.value as { value?: Json } | null)?.value ?? read.value);
  const value = withoutFiller(unwrapped, schema);
  const wrong = misfits(schema, value).map(({ path, message }) => `${path === '' ? 'The value' : path} ${message}.`);
  const problems = wrong.length > 0 ? wrong : (check?.(value) ?? []);
  return problems.length === 0 ? { value } : { problems: problems.slice(0, MOST_PROBLEMS) };
}

function requireUsable(schema: JsonSchema): void {
  const problem = schemaProblem(schema);
  if (problem === null) return;
  const at = problem.path === '' ? '' : ` (at ${problem.path})`;
  throw new NodeError('ai.schema', `"schema" is no JSON Schema that can be used${at}: ${problem.message}.`);
}

/** The wrong answer, and what is wrong about it, as the next messages. */
function repair(text: string, problems: readonly string[]): Message[] {
  const complaint = [
    'Your answer cannot be used:',
    ...problems.map((problem) => `- ${problem}`),
    'Answer again, with the corrected JSON only.',
  ].join('\n');
  return [
    { role: 'assistant', text: text.slice(0, SHOWN_AGAIN) || '(nothing)', toolCalls: [] },
    { role: 'user', content: [{ kind: 'text', text: complaint }] },
  ];
}

function invalid(ctx: NodeContext, { text, model, id }: PaidAnswer, problems: readonly string[]): NodeError {
  const why = ctx.excerpt(problems.join(' '), EXCERPT);
  return new NodeError(
    'ai.invalid',
    `After ${MOST_REPAIRS} corrections, the answer of the model still does not fit. ${why} Try another model, or a simpler schema.`,
    { details: { model, id, answer: ctx.excerpt(text, EXCERPT) } },
  );
}
