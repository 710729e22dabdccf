import { z } from 'zod';
import type { NodeContext } from '../../context.ts';
import type { ModelRequest } from '../../models/port.ts';
import type { Source } from '../../parsing/source.ts';
import { type Journal, openJournal } from '../parts/journal.ts';
import { askShape } from '../tasks/ask-for.ts';
import { nothingSpent, type Spent, together } from '../tasks/spent.ts';
import { embedAll } from '../vectors/embed-all.ts';
import { cosine, unit } from '../vectors/vector.ts';
import { choose, fits } from './choose.ts';
import { findByWords } from './find-words.ts';
import { type Passage, passagesOf } from './passages.ts';
import { placesOf, type QuotePlace } from './places.ts';
import { readDocument } from './read.ts';

/** A question to a document: parameters of `ai.askDocument`. */
interface Question {
  readonly model: string;
  readonly question: string;
  readonly contextTokens: number;
  readonly embeddingModel?: string | undefined;
  readonly language?: string | undefined;
  readonly instructions?: string | undefined;
  readonly reasoning?: ModelRequest['reasoning'];
  /** Version of how documents are divided. */
  readonly division: number;
}

/** What a document says about a question. */
interface DocumentAnswer {
  readonly found: boolean;
  readonly answer: string | null;
  readonly quotes: QuotePlace[];
  readonly title: string | null;
  /** How many the document has. */
  readonly pages: number;
  /** Numbers of the pages of which the model saw a passage. */
  readonly shown: number[];
  readonly spent: Spent;
}

const shape = z.strictObject({
  found: z.boolean().describe('Whether the passages answer the question.'),
  answer: z.string().describe('The answer; empty if they do not.'),
  quotes: z.array(z.string()).max(50).describe('Sentences that prove the answer, copied letter by letter; at most 5.'),
});

/** Answers a question from a document, with quotes that stand in it. */
export async function answerFrom(ctx: NodeContext, source: Source, parameters: Question): Promise<DocumentAnswer> {
  const { model } = parameters;
  const { title, pages } = await readDocument(ctx, source);
  const about = { title, pages: pages.length };
  const passages = passagesOf(pages);
  if (passages.length === 0) {
    return { found: false, answer: null, quotes: [], ...about, shown: [], spent: nothingSpent(model) };
  }
  const journal = await openJournal(ctx, [parameters, pages]);
  const { chosen, spent } = await relevant(ctx, journal, { passages, parameters });
  const answered = await journal.part('answer', (memoryOf) =>
    askShape(ctx, {
      model,
      reasoning: parameters.reasoning,
      memoryOf,
      name: 'answer',
      instructions: instructionsOf(parameters),
      data: chosen.map(({ index, page, text }) => ({ name: `passage ${index + 1}, page ${page}`, text })),
      shape,
      check: (given) => problemsOf(chosen, given),
    }),
  );
  const { found, answer, quotes } = answered.value;
  return {
    found,
    answer: found ? answer : null,
    quotes: found ? placesOf(pages, quotes) : [],
    ...about,
    shown: [...new Set(chosen.map(({ page }) => page))],
    spent: together(model, [{ spent }, answered]),
  };
}

function instructionsOf({ question, language: to, instructions }: Question): string[] {
  return [
    'The data are passages of one document. Answer the question from them alone, and from nothing else that you know.',
    `The question: ${question}`,
    to === undefined ? 'Answer in the language of the question.' : `Answer in ${to}.`,
    'Quote the sentences that prove your answer, copied letter by letter. If the passages do not answer the question, say so in "found".',
    ...(instructions === undefined ? [] : [instructions]),
  ];
}

function problemsOf(
  shown: readonly Passage[],
  { found, answer, quotes }: { found: boolean; answer: string; quotes: readonly string[] },
): string[] {
  if (!found) return [];
  if (answer.trim() === '') return ['"answer" is empty although "found" is true.'];
  const texts = shown.map(({ text }) => text);
  if (placesOf(texts, quotes).length > 0) return [];
  return [
    'None of "quotes" stands in the passages. Copy at least one sentence letter by letter, without leaving anything out.',
  ];
}

/** The passages that the model sees, and what it cost to find them. */
async function relevant(
  ctx: NodeContext,
  journal: Journal,
  { passages, parameters }: { passages: readonly Passage[]; parameters: Question },
): Promise<{ chosen: readonly Passage[]; spent: Spent }> {
  const { question, contextTokens, embeddingModel, model } = parameters;
  const nothing = nothingSpent(model);
  if (fits(passages, contextTokens)) return { chosen: passages, spent: nothing };
  if (embeddingModel === undefined) {
    const found = await findByWords(passages, question);
    // A question in another language shares no word with the document: the beginning says at least what it is about.
    return { chosen: choose(passages, found.length > 0 ? found : passages.keys(), contextTokens), spent: nothing };
  }
  const texts = [question, ...passages.map(({ text }) => text)];
  const { vectors, spent } = await embedAll(ctx, journal, { model: embeddingModel, texts });
  const [wanted, ...units] = vectors.map(unit);
  const ranked = units
    .map((one, index) => ({ index, score: cosine(wanted!, one) }))
    .sort((a, b) => b.score - a.score || a.index - b.index);
  return {
    chosen: choose(
      passages,
      ranked.map(({ index }) => index),
      contextTokens,
    ),
    spent,
  };
}
