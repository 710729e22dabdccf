import { z } from 'zod';
import { json, text } from '../document/fields.ts';

/** Most messages, and most test cases, of a prompt. */
const MAX_MESSAGES = 100;
const MAX_TESTS = 200;

const list = (description: string) => z.array(z.string().min(1)).max(100).describe(description);

const said = { contains: list('Texts that are contained.').optional(), lacks: list('Texts that are not.').optional() };

const expectation = z.strictObject({
  instructions: text('The whole text of the instructions.').optional(),
  messages: z.array(z.string()).max(MAX_MESSAGES).describe('The whole text of each message.').optional(),
  ...said,
  fails: z.boolean().describe('True: the variables are refused, or an expression fails.').optional(),
  answer: z.strictObject(said).describe('What the answer of a model says, if the test asks a model.').optional(),
});

/** A document of a prompt. */
export const promptSchema = z.strictObject({
  description: text('What the prompt is for.').optional(),
  variables: z.record(z.string(), z.unknown()).describe('JSON Schema of the variables: an object.').optional(),
  instructions: text('What the model is told about its task.').optional(),
  messages: z
    .array(
      z.strictObject({
        role: z.enum(['user', 'assistant']).describe('Who says it.'),
        text: text('What is said; it may hold `${{ vars.name }}`.'),
      }),
    )
    .min(1)
    .max(MAX_MESSAGES)
    .describe('The conversation, the oldest message first.'),
  tests: z
    .array(
      z.strictObject({
        name: z.string().min(1).max(200).describe('What the test shows.'),
        variables: z.record(z.string(), json('A value.')).describe('Values of the variables.').optional(),
        expect: expectation.describe('What must hold; without it, the prompt must render.').optional(),
      }),
    )
    .max(MAX_TESTS)
    .optional(),
});

/** Every key of the document, to guess what a misspelt key was meant to be. */
export const PROMPT_KEYS = [
  ...['description', 'variables', 'instructions', 'messages', 'role', 'text', 'tests', 'name', 'expect'],
  ...['contains', 'lacks', 'fails', 'answer'],
];
