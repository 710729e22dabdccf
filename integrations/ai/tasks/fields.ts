import { z } from 'zod';
import { NodeError } from '../../error.ts';
import { weigh } from '../parts/weigh.ts';

/** The model of a node, as free text. */
export const modelField = (example = 'gpt-6-luna') =>
  z.string().min(1).max(200).describe(`The model, as the provider of the connection calls it, such as \`${example}\`.`);

/** How long a model thinks. */
export const reasoning = () =>
  z
    .enum(['none', 'low', 'medium', 'high'])
    .optional()
    .describe('How long the model may think, if it is one that thinks. Default: what the model does by itself.');

/** The most that a step may cost. */
export const costLimit = () =>
  z
    .number()
    .positive()
    .max(1_000_000)
    .optional()
    .describe(
      'Most that all calls of the step may cost together, in US dollars. What does not fit fails with `ai.budget`.',
    );

/** How a model is asked, besides what the node does: fields of most nodes. */
export const asking = () => ({
  instructions: z
    .string()
    .max(20_000)
    .optional()
    .describe('What the model should know or heed besides. It is an instruction: put no data of others into it.'),
  reasoning: reasoning(),
  maxCost: costLimit(),
});

/** A language that a model writes in. */
export const language = () => z.string().min(1).max(60).describe('A language, such as `German` or `pt-BR`.');

/** How sure the model is. */
export const confidence = () => z.number().min(0).max(1).describe('How sure the model is, from 0 to 1.');

/** Passages that a model gives as its reasons. More than it is told to give are no reason to ask again. */
export const evidence = () =>
  z
    .array(z.string())
    .max(50)
    .describe('The passages that decide it, copied letter by letter from the data; at most 5.');

/** About the most tokens that a node reads in one piece. */
const MOST_AT_ONCE = 100_000;

/**
 * Refuses a text that would have to be read in several pieces.
 *
 * @throws NodeError `ai.tooLong`
 */
export function requireOnePiece(text: string): void {
  const weight = weigh(text);
  if (weight <= MOST_AT_ONCE) return;
  throw new NodeError(
    'ai.tooLong',
    `The text has about ${weight} tokens; this node reads at most ${MOST_AT_ONCE}. Give it a part, or a summary (ai.summarize).`,
  );
}

/** Whether a text says nothing at all. */
export const isBlank = (text: string): boolean => text.trim() === '';

/** How large the parts of a long text are. */
export const partTokens = (standard: number) =>
  z
    .int()
    .min(200)
    .max(50_000)
    .default(standard)
    .describe(
      'About how many tokens of the text a call gets. Larger parts see more at once; a model writes long answers slowly.',
    );
