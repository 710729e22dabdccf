import type { NodeContext } from '../../context.ts';
import type { ModelRequest } from '../../models/port.ts';
import { inParallel } from '../parts/in-parallel.ts';
import { type Journal, openJournal } from '../parts/journal.ts';
import { splitText } from '../parts/split.ts';
import { weigh } from '../parts/weigh.ts';
import { type Answered, askText } from './ask-for.ts';
import { type Spent, together } from './spent.ts';

/** What a summary should be: parameters of `ai.summarize`. */
interface Wish {
  readonly model: string;
  readonly as: 'paragraphs' | 'bullets' | 'headline';
  readonly words: number;
  readonly focus?: string | undefined;
  readonly language?: string | undefined;
  readonly partTokens: number;
  readonly instructions?: string | undefined;
  readonly reasoning?: ModelRequest['reasoning'];
}

/** A note about a part is at most this share of it, so that each round of notes is much shorter than the one before. */
const SHARE = 5;

/**
 * Summarizes a text of any length: takes notes of its parts, and notes of the notes, until they fit into one call. Each note is
 * kept as soon as it is there.
 *
 * @param of what decides how the work is divided, and what it comes to
 */
export async function summarizeParts(
  ctx: NodeContext,
  { text, wish, of }: { readonly text: string; readonly wish: Wish; readonly of: unknown },
): Promise<{ summary: string; parts: number; spent: Spent }> {
  const journal = await openJournal(ctx, of);
  const parts = splitText(text, wish.partTokens);
  const answers: Answered<string>[] = [];
  let rest = parts;
  for (let round = 1; rest.length > 1; round += 1) {
    const notes = await takeNotes(ctx, journal, { wish, parts: rest, round });
    answers.push(...notes);
    rest = splitText(notes.map(({ value }) => value).join('\n\n'), wish.partTokens);
  }
  const isNotes = parts.length > 1;
  const last = await journal.part('summary', (memoryOf) =>
    askText(ctx, {
      model: wish.model,
      reasoning: wish.reasoning,
      memoryOf,
      instructions: summaryInstructions(wish, isNotes),
      data: [{ name: isNotes ? 'notes' : 'text', text: rest[0]! }],
      answerTokens: 200 + 6 * wish.words,
    }),
  );
  return { summary: last.value.trim(), parts: parts.length, spent: together(wish.model, [...answers, last]) };
}

/** A note about each part. A note that is cut off at its limit is as good as a short one. */
function takeNotes(
  ctx: NodeContext,
  journal: Journal,
  { wish, parts, round }: { wish: Wish; parts: readonly string[]; round: number },
): Promise<Answered<string>[]> {
  return inParallel(parts, 4, (part, at) =>
    journal.part(`${round}.${at}`, async (memoryOf) => {
      const most = Math.ceil(weigh(part) / SHARE);
      const note = await askText(ctx, {
        model: wish.model,
        reasoning: wish.reasoning,
        memoryOf,
        instructions: noteInstructions(wish, { part: at + 1, of: parts.length, most }),
        data: [{ name: 'text', text: part }],
        answerTokens: 200 + most,
        mayBeCut: true,
      });
      return { ...note, value: (splitText(note.value.trim(), most)[0] ?? '').trim() };
    }),
  );
}

function noteInstructions(
  { focus, instructions }: Wish,
  { part, of, most }: { part: number; of: number; most: number },
): string[] {
  return [
    `The text is part ${part} of ${of} of a longer one. Take notes for a summary of the whole: facts, names, numbers, decisions, dates.`,
    `Write at most ${Math.ceil(most / 2)} words, in the language of the text, and nothing that the text does not say.`,
    ...(focus === undefined ? [] : [`What matters most: ${focus}`]),
    ...(instructions === undefined ? [] : [instructions]),
  ];
}

const FORMS: Readonly<Record<Wish['as'], string>> = {
  paragraphs: 'Write flowing text.',
  bullets: 'Write a list; each line begins with "- ".',
  headline: 'Write one line.',
};

function summaryInstructions({ as, words, focus, language: to, instructions }: Wish, isNotes: boolean): string[] {
  return [
    isNotes ? 'The data are notes of the parts of one text, in its order. Summarize the text.' : 'Summarize the text.',
    `Answer with the summary and nothing else, in at most ${words} words. ${FORMS[as]} Say nothing that the data do not say.`,
    to === undefined ? 'Write in the language of the data.' : `Write in ${to}.`,
    ...(focus === undefined ? [] : [`What matters most: ${focus}`]),
    ...(instructions === undefined ? [] : [instructions]),
  ];
}
