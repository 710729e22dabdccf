import { z } from 'zod';
import { type CallCost, NO_USAGE } from '../../spending.ts';
import { sumOf } from '../model/sum.ts';

/** What a node spent: the last fields of its output. */
export interface Spent extends CallCost {
  readonly model: string;
}

/** Of a node that had nothing to ask. */
export const nothingSpent = (model: string): Spent => ({ model, usage: NO_USAGE, cost: '0' });

/** Of several calls, whose model is called as the last answer calls it. */
export const together = (model: string, answers: readonly { readonly spent: Spent }[]): Spent => ({
  model: answers.at(-1)?.spent.model ?? model,
  ...sumOf(answers.map(({ spent }) => spent)),
});

/** Fields of every output: what the step's calls used and cost, those of earlier attempts included whose parts are kept. */
export const spentOutput = () => ({
  model: z.string().describe('The model that answered; several may be behind one name.'),
  usage: z
    .object({
      input: z.int().describe('Tokens of input that were neither read from the cache nor written to it.'),
      cacheRead: z.int().describe("Tokens of input read from the provider's cache."),
      cacheWrite: z.int().describe("Tokens of input written to the provider's cache."),
      output: z.int().describe('Tokens of output, reasoning included.'),
      reasoning: z.int().describe('The part of `output` that is reasoning.'),
      seconds: z.number().optional().describe('Seconds of audio, if the provider charges by time.'),
      images: z.int().optional().describe('Images made, if the provider charges by image.'),
      estimated: z
        .boolean()
        .optional()
        .describe('True: the provider did not say what a call used, so the most that it can have been is counted.'),
    })
    .describe('What the calls used.'),
  cost: z.string().nullable().describe('US dollars as a decimal text; null if nobody knows the price of the model.'),
});
