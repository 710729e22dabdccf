import { z } from 'zod';
import type { Json, JsonSchema } from '../../../graph/json.ts';
import type { NodeContext } from '../../context.ts';
import { NodeError } from '../../error.ts';
import type { ModelRequest, Part } from '../../models/port.ts';
import { askModel } from '../model/ask.ts';
import { DATA_RULE, type Material, markData } from '../model/data.ts';
import { askObject } from '../model/object.ts';
import { openModel } from '../model/open.ts';
import { requireAnswer } from '../model/refusal.ts';
import type { MemoryOf } from '../parts/journal.ts';
import type { Spent } from './spent.ts';

/** Something that a node wants of a model. */
export interface Task {
  readonly model: string;
  /** What to do, in the words of the node and of the graph's author. */
  readonly instructions: readonly string[];
  /** What to do it with. Others may have written it. */
  readonly data: readonly Material[];
  readonly media?: readonly Part[] | undefined;
  /** Most tokens of the answer itself; the model may think besides. */
  readonly answerTokens?: number | undefined;
  readonly reasoning?: ModelRequest['reasoning'];
  readonly memoryOf?: MemoryOf | undefined;
}

/** What a model answered, and what it cost. */
export interface Answered<T> {
  readonly value: T;
  readonly spent: Spent;
}

/** Tokens for the thoughts of a model, which count as output; `default` if the author leaves it to the model. */
const ROOM_TO_THINK = { none: 0, low: 2_000, default: 4_000, medium: 8_000, high: 32_000 } as const;
const USUAL_ANSWER = 2_000;
/** From here on, a call takes minutes: the provider works on in the background, if it can. */
const LONG_ANSWER = 8_000;

/** An answer that was cut off at its limit, although it must be whole. It was paid for. */
export class CutError extends NodeError {
  readonly spent: Spent;

  constructor(spent: Spent) {
    super(
      'ai.cut',
      `The answer was cut off after ${spent.usage.output} tokens, so it is not whole. Ask for less at a time.`,
    );
    this.spent = spent;
  }
}

/**
 * Asks for a text.
 *
 * @throws NodeError `CutError` unless the text `mayBeCut`, `ai.noAnswer`, and what `askModel` throws
 */
export async function askText(
  ctx: NodeContext,
  task: Task & { readonly mayBeCut?: boolean },
): Promise<Answered<string>> {
  const provider = await openModel(ctx);
  const memory = task.memoryOf?.('answer');
  const answer = await askModel(ctx, provider, requestOf(task), memory);
  requireAnswer(ctx, answer);
  const { text, stop, model, usage, cost } = answer;
  const spent = { model, usage, cost };
  if (stop === 'length' && !task.mayBeCut) throw new CutError(spent);
  if (text.trim() === '') {
    // An answer in the background would be fetched again, as empty as it is.
    await memory?.clear();
    throw new NodeError('ai.noAnswer', 'The model wrote nothing.', { retryable: true });
  }
  return { value: text, spent };
}

/** A task whose answer has a shape. */
export interface ShapedTask<T extends z.ZodType> extends Task {
  /** What the answer is, in one word. */
  readonly name: string;
  /** Everything in it is required, because strict modes of providers want it so. */
  readonly shape: T;
  /** What must hold besides, in words that the model understands. */
  readonly check?: (value: z.output<T>) => readonly string[];
}

/**
 * Asks for an answer of a shape. A wrong answer goes back to the model, at most twice.
 *
 * @throws NodeError `ai.invalid`, `ai.cut`, and what `askModel` throws
 */
export async function askShape<T extends z.ZodType>(
  ctx: NodeContext,
  task: ShapedTask<T>,
): Promise<Answered<z.output<T>>> {
  const { name, shape, check, memoryOf } = task;
  const { $schema: _, ...schema } = z.toJSONSchema(shape, { io: 'output' });
  const found = await askObject(ctx, await openModel(ctx), {
    request: requestOf(task),
    name,
    schema: schema as JsonSchema,
    ...(memoryOf && { memoryOf }),
    check: (value) => problemsOf(shape, value, check),
  });
  const { model, usage, cost } = found;
  return { value: shape.parse(found.value), spent: { model, usage, cost } };
}

function problemsOf<T extends z.ZodType>(shape: T, value: Json, check?: ShapedTask<T>['check']): readonly string[] {
  const parsed = shape.safeParse(value);
  if (parsed.success) return check?.(parsed.data) ?? [];
  return parsed.error.issues.map(({ path, message }) => `"${path.join('.')}": ${message}.`);
}

function requestOf({
  model,
  instructions,
  data,
  media = [],
  answerTokens = USUAL_ANSWER,
  reasoning,
}: Task): ModelRequest {
  const texts = data.map((material): Part => ({ kind: 'text', text: markData(material) }));
  const rules = data.length > 0 ? [DATA_RULE] : [];
  // No server takes a message without content, such as a task that is all instructions.
  const content = texts.length + media.length > 0 ? [...texts, ...media] : [{ kind: 'text', text: 'Do it.' } as const];
  return {
    model,
    instructions: [...instructions, ...rules].join('\n\n'),
    messages: [{ role: 'user', content }],
    maxOutputTokens: answerTokens + ROOM_TO_THINK[reasoning ?? 'default'],
    reasoning,
    background: answerTokens >= LONG_ANSWER || reasoning === 'high',
  };
}
