import type { Json, JsonObject, JsonSchema } from '../json.ts';

/** A prompt: what a model is told, with places for variables. */
export interface PromptDocument {
  readonly description?: string;
  /** Schema of the variables: an object. Absent: the prompt has none. */
  readonly variables?: JsonSchema;
  /** What the model is told about its task, apart from the conversation. */
  readonly instructions?: string;
  readonly messages: readonly PromptMessage[];
  readonly tests?: readonly PromptTest[];
}

/** A message of the conversation. Its text may hold `${{ vars.name }}`. */
export interface PromptMessage {
  readonly role: 'user' | 'assistant';
  readonly text: string;
}

/** A test case of a prompt. */
export interface PromptTest {
  readonly name: string;
  readonly variables?: JsonObject;
  readonly expect?: PromptExpectation;
}

/** What a test expects. Everything that is given must hold. */
export interface PromptExpectation {
  /** The whole text of the instructions. */
  readonly instructions?: string;
  /** The whole text of each message. */
  readonly messages?: readonly string[];
  /** Texts that the prompt contains somewhere, and texts that it does not contain. */
  readonly contains?: readonly string[];
  readonly lacks?: readonly string[];
  /** The variables are refused, or an expression fails. */
  readonly fails?: boolean;
  /** Texts that the answer of a model contains; only checked if the test asks a model. */
  readonly answer?: { readonly contains?: readonly string[]; readonly lacks?: readonly string[] };
}

/** A prompt with its variables put in. */
export interface Rendered {
  readonly instructions: string | null;
  readonly messages: readonly PromptMessage[];
}

/** Variables that do not fit, or an expression that fails. */
export interface RenderProblem {
  readonly problem: string;
}

/** Values of variables, as somebody gives them. */
export type Variables = Readonly<Record<string, Json>>;
