import { z } from 'zod';
import type { Json } from '../graph/json.ts';
import { json } from './schema.ts';

/** A prompt of the workspace that a step uses. */
export interface PromptReference {
  readonly name: string;
  /** A published graph always says it: publishing pins the newest version. Absent: the newest version now. */
  readonly version?: number | undefined;
  readonly variables?: Readonly<Record<string, Json>> | undefined;
}

/** A prompt with its variables put in. */
export interface RenderedPrompt {
  readonly name: string;
  readonly version: number;
  /** What the model is told about its task, apart from the conversation; null if the prompt says nothing. */
  readonly instructions: string | null;
  /** The conversation, the oldest message first. */
  readonly messages: readonly { readonly role: 'user' | 'assistant'; readonly text: string }[];
}

/** The prompts of the workspace. */
export interface Prompts {
  /**
   * Puts variables into a prompt.
   *
   * @throws NodeError `prompt.notFound`; `input.invalid` if the variables do not fit the schema of the prompt, or an expression
   * in it fails
   */
  render(reference: PromptReference): Promise<RenderedPrompt>;
}

/**
 * The schema of a parameter that takes a prompt of the workspace. Publishing recognises the parameter by this schema, and pins
 * the version.
 */
export const promptReference = () =>
  z
    .strictObject({
      name: z
        .string()
        .regex(/^[a-z][a-z0-9-]{0,62}$/, 'must be the name of a prompt')
        .describe('Name of the prompt.'),
      version: z.int().positive().optional().describe('Version. If it is absent, publishing pins the newest.'),
      variables: z.record(z.string(), json()).optional().describe('Values of the variables of the prompt.'),
    })
    .describe('A prompt of the workspace (docs/prompts.md).')
    .meta({ blokPrompt: true });
