import { z } from 'zod';
import type { NodeContext } from '../../context.ts';
import type { Message } from '../../models/port.ts';
import { json } from '../../schema.ts';
import type { ModelUsage } from '../../spending.ts';

/** What an agent was started with, resolved once. */
export const startSchema = z.strictObject({
  model: z.string().min(1).describe('Name of the model.'),
  instructions: z.string().optional().describe('What the agent is there for.'),
  input: json().describe('What it is to work on.'),
  output: z.record(z.string(), z.unknown()).optional().describe('JSON Schema of the answer.'),
  maxTokens: z.int().min(1).optional().describe('Most tokens of all turns together.'),
  maxCost: z.number().positive().optional().describe('Most that all turns may cost together, in US dollars.'),
  maxOutputTokens: z.int().min(16).default(4_096).describe('Most tokens of one answer.'),
  temperature: z.number().min(0).max(2).optional().describe('How freely the model chooses its words.'),
  reasoning: z.enum(['none', 'low', 'medium', 'high']).optional().describe('How long the model thinks.'),
  background: z
    .boolean()
    .default(true)
    .describe('The provider works on in the background, if it can, so that no crash makes a turn be paid for twice.'),
});

/** A tool of an MCP server as it was when the agent began: its description is part of the conversation from then on. */
export const remoteToolSchema = z.object({
  name: z.string().describe('Name of the tool at its server.'),
  description: z.string().describe('What the server says about it.'),
  parameters: z.record(z.string(), z.unknown()).describe('JSON Schema of its arguments.'),
  sha256: z.string().describe('Hash of name, description and schema.'),
});

/** The tools of one MCP server. */
export const listedSchema = z.object({
  server: z.string().describe('How the agent calls the server.'),
  url: z.string().describe('Address of the server.'),
  tools: z.array(remoteToolSchema).describe('The tools the author listed.'),
});

/** Where a conversation is stored. */
export const storedSchema = z.object({
  sha256: z.string().describe('Hash of what is stored.'),
  size: z.int().describe('Bytes.'),
});

export type Start = z.output<typeof startSchema>;
export type Listed = z.output<typeof listedSchema>;
export type Stored = z.output<typeof storedSchema>;

/** Everything an agent knows between two turns. The run itself holds only where it is stored. */
export interface Memory {
  readonly start: Start;
  readonly listed: readonly Listed[];
  readonly messages: readonly Message[];
  /** The calls of the last turn, in the order in which their results come. */
  readonly pending: readonly { readonly id: string; readonly name: string }[];
  readonly turns: number;
  /** Tokens of the last request and its answer: they are the beginning of the next one. */
  readonly counted: number;
  /** Messages that these tokens are of. */
  readonly countedMessages: number;
  readonly usage: ModelUsage;
  /** US dollars of all turns as a decimal text; null if nobody knows the price of the model. */
  readonly cost: string | null;
  /** Answers in a row that did not fit the schema of the answer. */
  readonly misfits: number;
}

export async function loadMemory(ctx: Pick<NodeContext, 'blobs'>, { sha256 }: Stored): Promise<Memory> {
  return JSON.parse(new TextDecoder().decode(await ctx.blobs.get(sha256))) as Memory;
}

export const storeMemory = (ctx: Pick<NodeContext, 'blobs'>, memory: Memory): Promise<Stored> =>
  ctx.blobs.put(new TextEncoder().encode(JSON.stringify(memory)));
