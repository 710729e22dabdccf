import { z } from 'zod';
import type { Json } from '../../../graph/json.ts';
import type { ModelRequest } from '../../models/port.ts';
import type { Source } from '../../parsing/source.ts';
import { type PromptReference, promptReference } from '../../prompts.ts';
import { attached } from './attachment-fields.ts';
import { costLimit } from './fields.ts';
import { requestFields } from './request-fields.ts';

/** A request that the author writes: parameters of `ai.generate` and `ai.object`. */
export const promptFields = () => ({
  ...requestFields(),
  prompt: z
    .union([z.string().min(1), promptReference()])
    .optional()
    .describe('What the model is asked: a text, or a prompt of the workspace. Either this or `messages`.'),
  messages: z
    .array(
      z.strictObject({
        role: z.enum(['user', 'assistant']).describe('Who said it.'),
        text: z.string().describe('What was said.'),
      }),
    )
    .min(1)
    .max(1_000)
    .optional()
    .describe('A conversation, the oldest message first. Its last one is of the user.'),
  images: attached('Images to look at: PNG, JPEG, GIF or WebP.'),
  files: attached('Documents to read: PDF, if the model reads them, and text of any kind.'),
  maxCost: costLimit(),
});

/** The author's parameters. */
export interface Prompt
  extends Pick<
    ModelRequest,
    'model' | 'instructions' | 'maxOutputTokens' | 'temperature' | 'reasoning' | 'background'
  > {
  readonly prompt?: string | PromptReference | undefined;
  readonly messages?: readonly { readonly role: 'user' | 'assistant'; readonly text: string }[] | undefined;
  readonly data?: Readonly<Record<string, Json>> | undefined;
  readonly images: readonly Source[];
  readonly files: readonly Source[];
}

/** For `.refine`: the conversation ends with a message of the user, because the model is to answer it. */
export const endsWithUser = ({ messages }: { messages?: Prompt['messages'] }): boolean =>
  messages === undefined || messages.at(-1)?.role === 'user';
