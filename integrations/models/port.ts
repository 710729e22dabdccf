import type { Json } from '../../graph/json.ts';
import type { NodeContext } from '../context.ts';
import type { ModelUsage } from '../spending.ts';

/** A piece of a message. Bytes are base64. */
export type Part =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'image'; readonly mediaType: string; readonly base64: string }
  | { readonly kind: 'file'; readonly name: string; readonly mediaType: string; readonly base64: string };

/** One message of a conversation, the oldest first. */
export type Message =
  | { readonly role: 'user'; readonly content: readonly Part[] }
  | {
      readonly role: 'assistant';
      readonly text: string;
      readonly toolCalls: readonly ToolCall[];
      /** What the provider wants to have back unchanged with the next request, such as encrypted reasoning. */
      readonly carried?: Json;
    }
  | {
      readonly role: 'tool';
      readonly callId: string;
      readonly name: string;
      readonly output: string;
      readonly failed: boolean;
    };

/** A tool that a model may ask for. */
export interface Tool {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of its arguments; an object. */
  readonly parameters: Json;
}

/** A model asks for a tool. */
export interface ToolCall {
  readonly id: string;
  readonly name: string;
  /** As the model wrote them: usually JSON, but nobody has checked yet. */
  readonly arguments: string;
}

/** What a model is asked, in words that belong to no provider. */
export interface ModelRequest {
  /** Free text: each provider and each compatible server has names of its own. */
  readonly model: string;
  readonly instructions?: string | undefined;
  readonly messages: readonly Message[];
  /** Nothing may be called that is not listed here. */
  readonly tools?: readonly Tool[] | undefined;
  /** The answer is JSON of this schema. Providers with a strict mode enforce it; Blok checks in any case. */
  readonly output?: { readonly name: string; readonly schema: Json } | undefined;
  /** Reasoning included. */
  readonly maxOutputTokens: number;
  readonly temperature?: number | undefined;
  readonly reasoning?: 'none' | 'low' | 'medium' | 'high' | undefined;
  /**
   * The call takes minutes: if the provider can, it works on in the background, and keeps the answer until somebody
   * fetches it.
   */
  readonly background?: boolean | undefined;
}

/** What a call remembers between the attempts of its step: the id of an answer that is paid for. */
export interface CallMemory {
  read(): Promise<string | null>;
  /** Returns once the id is on disk. */
  write(id: string): Promise<void>;
  /** Forgets the id: nobody can use that answer, so the next attempt asks for another one. */
  clear(): Promise<void>;
}

/** What a model answered. */
export interface ModelAnswer {
  /** Of the provider, for support; null if a server gives none. */
  readonly id: string | null;
  /** The model that answered, which may be more exact than the one asked for. */
  readonly model: string;
  /** All text of the answer, unchecked. Empty if the model only asks for tools. */
  readonly text: string;
  readonly toolCalls: readonly ToolCall[];
  /**
   * Why the model stopped: `end` of its own accord, `length` at the limit of tokens, `tools` because it waits for them,
   * `refusal` because it does not want to answer, `filter` because the provider cut it off.
   */
  readonly stop: 'end' | 'length' | 'tools' | 'refusal' | 'filter';
  /** The words of a refusal, if the model gave any. */
  readonly refusal: string | null;
  /** Null if the provider does not report it: then the estimate counts. */
  readonly usage: ModelUsage | null;
  readonly carried?: Json;
}

/** A provider of models, opened with the step's connection. */
export interface ModelProvider {
  /** `openai`, `anthropic`, `gemini`: first word of the error codes, and key of the price table. */
  readonly provider: string;
  /**
   * Asks a model once. Never retries, because the wrapper of the node does. Nodes call `askModel` instead, which keeps
   * the accounts.
   *
   * @param memory of this one call: if the provider works in the background, the id of the answer goes there first, so
   * that an attempt after a crash fetches the answer that is paid for
   * @throws NodeError classified by the provider's failure table; `ChargedError` if the call used something all the same
   */
  ask(ctx: NodeContext, request: ModelRequest, memory?: CallMemory): Promise<ModelAnswer>;
  /** Absent if the provider has no such service: then the node fails with `ai.unsupported`. */
  embed?(
    ctx: NodeContext,
    request: { readonly model: string; readonly texts: readonly string[]; readonly dimensions?: number | undefined },
  ): Promise<{ readonly vectors: readonly (readonly number[])[]; readonly usage: ModelUsage | null }>;
  moderate?(
    ctx: NodeContext,
    request: { readonly model: string; readonly parts: readonly Part[] },
  ): Promise<{ readonly flagged: boolean; readonly scores: Readonly<Record<string, number>> }>;
  transcribe?(
    ctx: NodeContext,
    request: {
      readonly model: string;
      readonly file: { readonly name: string; readonly mediaType: string; readonly bytes: Uint8Array };
      readonly language?: string | undefined;
    },
  ): Promise<{ readonly text: string; readonly usage: ModelUsage | null }>;
  generateImage?(
    ctx: NodeContext,
    request: { readonly model: string; readonly prompt: string; readonly size?: string | undefined },
  ): Promise<{ readonly mediaType: string; readonly bytes: Uint8Array; readonly usage: ModelUsage | null }>;
}
