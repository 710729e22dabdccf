import { z } from 'zod';
import { defineNode } from '../define.ts';
import { inParallel } from './parts/in-parallel.ts';
import { openJournal } from './parts/journal.ts';
import { splitText } from './parts/split.ts';
import { modelConnection, modelPolicy } from './policy.ts';
import { shapeErrors } from './tasks/errors.ts';
import { asking, isBlank, modelField } from './tasks/fields.ts';
import { type FindQuote, quoteFinder } from './tasks/quotes.ts';
import { nothingSpent, spentOutput, together } from './tasks/spent.ts';
import { within } from './tasks/within.ts';

/** Tokens of text for one call: more would make a list that is too long for one answer. */
const PART = 4_000;
/** Version of how the text is divided, which an attempt in progress must not change. */
const DIVISION = 1;

const USUAL = ['person', 'organization', 'place', 'date', 'amount', 'email', 'phone', 'product'] as const;

const input = z.strictObject({
  model: modelField(),
  text: z.string().describe('The text, of any length.'),
  types: z
    .array(z.string().min(1).max(100))
    .min(1)
    .max(100)
    .default([...USUAL])
    .describe('What to look for. Nothing else is found.'),
  descriptions: z
    .record(z.string(), z.string().max(2_000))
    .optional()
    .describe('What types mean, by type, where their names do not say it.'),
  ...asking(),
});

interface Found {
  readonly type: string;
  readonly quote: string;
  readonly value: string;
}

/** Finds what a text names. */
export const entities = defineNode({
  type: 'ai.entities',
  version: '1.0.0',
  title: 'Entities in a text',
  description:
    'Finds the people, places, dates, amounts and other things of your choice that a text of any length names.',
  connection: modelConnection,
  ...modelPolicy,
  input,
  output: z.object({
    entities: z
      .array(
        z.object({
          type: z.string().describe('One of `types`.'),
          text: z.string().describe('The words of the text, to the letter.'),
          value: z
            .string()
            .describe('The same in a usual form: dates as `2026-05-31`, amounts as `12.50 EUR`, full names.'),
          start: z.int().describe('Where it first stands: letters before it.'),
          count: z.int().describe('How often these words stand in the text.'),
        }),
      )
      .describe('In the order of the text, each once.'),
    ...spentOutput(),
  }),
  examples: [
    {
      title: 'Who and what a mail is about',
      with: {
        model: 'gpt-6-luna',
        text: 'Ada Lovelace ordered two lamps for 79.80 EUR on 3 May.',
        types: ['person', 'product', 'amount', 'date'],
      },
    },
  ],
  errors: shapeErrors,
  notes: `
What does not stand in the text is left out, so nothing is made up. Long texts are read in parts, four at a time; a part that is finished is never read, and never
paid for, again.
`.trim(),
  async run(step, parameters) {
    const ctx = within(step, parameters.maxCost);
    const { model, text, reasoning } = parameters;
    if (isBlank(text)) return { entities: [], ...nothingSpent(model) };
    const { askShape } = await import('./tasks/ask-for.ts');
    const journal = await openJournal(ctx, [DIVISION, parameters]);
    const parts = splitText(text, PART);
    const answers = await inParallel(parts, 4, (part, at) =>
      journal.part(`${at}`, (memoryOf) =>
        askShape(ctx, {
          model,
          reasoning,
          memoryOf,
          name: 'entities',
          instructions: instructionsOf(parameters),
          data: [{ name: 'text', text: part }],
          shape: shapeOf(parameters.types),
        }),
      ),
    );
    const find = quoteFinder(text);
    return {
      entities: merged(
        text,
        find,
        answers.flatMap(({ value }) => value.entities),
      ),
      ...together(model, answers),
    };
  },
});

const shapeOf = (types: readonly string[]) =>
  z.strictObject({
    entities: z
      .array(
        z.strictObject({
          type: z.enum(types),
          quote: z.string().describe('The words of the text, copied letter by letter.'),
          value: z
            .string()
            .describe(
              'The same in a usual form: a date as 2026-05-31, an amount as 12.50 EUR, a name in full; else the quote.',
            ),
        }),
      )
      .max(1_000),
  });

function instructionsOf({ types, descriptions = {}, instructions }: z.output<typeof input>): string[] {
  return [
    'Find everything in the text that is of one of these types, each different wording once. The types are:',
    types.map((type) => `- ${type}${descriptions[type] ? `: ${descriptions[type]}` : ''}`).join('\n'),
    ...(instructions === undefined ? [] : [instructions]),
  ];
}

/** What several parts found, each wording of a type once, with its first place. */
function merged(text: string, find: FindQuote, found: readonly Found[]) {
  const known = new Map<string, { type: string; text: string; value: string; start: number; count: number }>();
  for (const { type, quote, value } of found) {
    const place = find(quote);
    if (place === null) continue;
    const words = text.slice(place.start, place.end);
    const key = JSON.stringify([type, words]);
    if (!known.has(key)) known.set(key, { type, text: words, value, start: place.start, count: countOf(text, words) });
  }
  return [...known.values()].sort((a, b) => a.start - b.start || (a.type < b.type ? -1 : 1));
}

function countOf(text: string, words: string): number {
  let count = 0;
  for (let at = text.indexOf(words); at >= 0; at = text.indexOf(words, at + words.length)) count += 1;
  return count;
}
