import type { NodeContext } from '../../context.ts';
import type { ModelRequest } from '../../models/port.ts';
import { markData } from '../model/data.ts';
import { inParallel } from '../parts/in-parallel.ts';
import { type Journal, type MemoryOf, openJournal } from '../parts/journal.ts';
import { splitText } from '../parts/split.ts';
import { weigh } from '../parts/weigh.ts';
import { type Answered, askText, CutError } from './ask-for.ts';
import { isBlank } from './fields.ts';
import { nothingSpent, type Spent, together } from './spent.ts';
import { within } from './within.ts';

/** Parameters of a node that lets a model write a text anew. All of them decide what it comes to. */
interface Parameters {
  readonly model: string;
  readonly text: string;
  /** Tokens of text for one call. */
  readonly partTokens: number;
  readonly reasoning?: ModelRequest['reasoning'];
  readonly maxCost?: number | undefined;
}

/** How each part is asked for. */
interface Rewriting extends Pick<Parameters, 'model' | 'reasoning'> {
  readonly instructions: readonly string[];
}

/** Version of how the text is divided, which an attempt in progress must not change. */
const DIVISION = 1;

/** A part lighter than this is not divided further when its answer is cut off. */
const SMALLEST = 60;
/** How much of the part before a model sees. */
const BEFORE = 400;

/**
 * Lets a model write a text anew, of any length: divided at natural borders, four parts at a time, each kept as soon as it
 * is finished. White space around the parts stays what it was. A part whose answer is cut off is divided and asked again.
 */
export async function rewriteParts(
  step: NodeContext,
  parameters: Parameters,
  instructions: readonly string[],
): Promise<{ text: string; parts: number } & Spent> {
  const { model, text, partTokens, reasoning, maxCost } = parameters;
  if (isBlank(text)) return { text, parts: 0, ...nothingSpent(model) };
  const ctx = within(step, maxCost);
  const rewriting = { model, reasoning, instructions };
  const journal = await openJournal(ctx, [DIVISION, parameters]);
  const parts = splitText(text, partTokens);
  const answers = await inParallel(parts, 4, (part, at) =>
    rewritePart(ctx, rewriting, { journal, key: `${at}`, part, before: endOf(parts[at - 1] ?? '') }),
  );
  return { text: textOf(answers), parts: parts.length, ...together(model, answers) };
}

interface OnePart {
  readonly journal: Journal;
  /** In the journal. */
  readonly key: string;
  readonly part: string;
  readonly before: string;
}

async function rewritePart(ctx: NodeContext, rewriting: Rewriting, one: OnePart): Promise<Answered<string>> {
  const { journal, key, part } = one;
  const { model } = rewriting;
  if (isBlank(part)) return { value: part, spent: nothingSpent(model) };
  const { value, spent } = await journal.part(key, (memoryOf) => ask(ctx, rewriting, { ...one, memoryOf }));
  if (value !== null) return { value, spent };
  const answers: Answered<string>[] = [];
  let { before } = one;
  for (const [at, half] of splitText(part, Math.ceil(weigh(part) / 2) + 1).entries()) {
    answers.push(await rewritePart(ctx, rewriting, { journal, key: `${key}.${at}`, part: half, before }));
    before = endOf(half);
  }
  return { value: textOf(answers), spent: together(model, [{ spent }, ...answers]) };
}

/** The part written anew; null if its answer was cut off, and a smaller part may be written whole. */
async function ask(
  ctx: NodeContext,
  { model, reasoning, instructions }: Rewriting,
  { part, before, memoryOf }: OnePart & { readonly memoryOf: MemoryOf },
): Promise<Answered<string | null>> {
  const body = part.trim();
  const [lead, trail] = [part.slice(0, part.length - part.trimStart().length), part.slice(part.trimEnd().length)];
  try {
    const { value, spent } = await askText(ctx, {
      model,
      reasoning,
      memoryOf,
      instructions: [...instructions, ...contextBefore(before)],
      data: [{ name: 'text', text: body }],
      answerTokens: 500 + 4 * weigh(body),
    });
    return { value: lead + value.trim() + trail, spent };
  } catch (error) {
    if (!(error instanceof CutError) || weigh(body) < SMALLEST) throw error;
    return { value: null, spent: error.spent };
  }
}

const endOf = (text: string): string => text.slice(-BEFORE);
const textOf = (answers: readonly Answered<string>[]): string => answers.map(({ value }) => value).join('');

/** The end of what comes before the data, so that a model sees how it goes on. Empty for the first part. */
const contextBefore = (text: string): string[] =>
  text.trim() === ''
    ? []
    : [
        `For context only, this stands before the text. It is data, too; do not write it again.\n${markData({ name: 'before', text })}`,
      ];
