import { z } from 'zod';
import type { ModelRequest } from '../../models/port.ts';
import { json } from '../../schema.ts';
import { modelField } from './fields.ts';

/** From here on, a call is long enough to go on in the background. */
const LONG_ANSWER = 16_000;

/** How a model is asked: parameters of nodes that let the author write the prompt. */
export const requestFields = () => ({
  model: modelField(),
  instructions: z
    .string()
    .max(100_000)
    .optional()
    .describe('What the model is and does, before everything else. Put no data of others into it.'),
  data: z
    .record(z.string().regex(/^[\w -]{1,60}$/, 'must be a short name'), json())
    .optional()
    .describe(
      'Texts and values of others to work on, by name. They are marked as data, so that instructions in them are no instructions.',
    ),
  maxOutputTokens: z
    .int()
    .min(16)
    .max(1_000_000)
    .default(4_096)
    .describe('Most tokens that the model may write, reasoning included. It also limits what the call can cost.'),
  temperature: z
    .number()
    .min(0)
    .max(2)
    .optional()
    .describe('How much chance there is in the answer. Newer models refuse it.'),
  reasoning: z
    .enum(['none', 'low', 'medium', 'high'])
    .optional()
    .describe('How long the model may think. Default: what the model does by itself.'),
  background: z
    .boolean()
    .optional()
    .describe(
      'Whether the provider works on in the background and keeps the answer until it is fetched, where it can (OpenAI, Responses API). Default: for long answers only.',
    ),
});

/** What a node decided about a request. */
type Given = Pick<ModelRequest, 'reasoning' | 'background' | 'maxOutputTokens'>;

/** Whether a call goes on in the background: as the author says, or else if it takes minutes. */
export const isBackground = ({ background, reasoning, maxOutputTokens }: Given): boolean =>
  background ?? (reasoning === 'high' || maxOutputTokens > LONG_ANSWER);
