import { z } from 'zod';
import { MAX_AGENT_TURNS } from '../../graph/node-types/agent-type.ts';
import { defineNode } from '../define.ts';
import { json } from '../schema.ts';
import { listedSchema, startSchema, storedSchema } from './agent/memory.ts';
import { modelConnection, modelErrors, modelPolicy } from './policy.ts';
import { spentOutput } from './tasks/spent.ts';
import { within } from './tasks/within.ts';

const { usage, cost } = spentOutput();

/** One turn of an agent. */
export const turn = defineNode({
  type: 'ai.turn',
  version: '1.0.0',
  title: 'One turn of an agent',
  description:
    'Asks a model once within an `ai.agent`: tells it what its tools answered, and reads which tools it wants to use now, or its answer. ' +
    'Agents consist of such steps; nobody writes them.',
  connection: modelConnection,
  ...modelPolicy,
  // The compiler writes its parameters, and nobody fills them in.
  options: {},
  input: z.strictObject({
    next: z
      .strictObject({
        start: startSchema.optional().describe('What the agent was started with, in its first turn.'),
        maxTurns: z.int().min(1).max(MAX_AGENT_TURNS).describe('Most turns.'),
        urls: z.record(z.string(), z.string()).optional().describe('Addresses of MCP servers.'),
        conversation: storedSchema.nullable().default(null).describe('Where the conversation is stored.'),
        results: z.array(json()).default([]).describe('What the calls of the last turn answered.'),
        errors: z.array(json()).default([]).describe('Which of them failed.'),
      })
      .describe('What the last turn left for this one.'),
    tools: z
      .record(
        z.string(),
        z.strictObject({
          description: z.string().describe('What the tool does.'),
          parameters: z.record(z.string(), z.unknown()).optional().describe('JSON Schema of its arguments.'),
        }),
      )
      .describe('The tools of the agent.'),
    servers: z
      .array(
        z.strictObject({
          name: z.string().describe('How the agent calls the server.'),
          tools: z.array(z.string()).describe('Names of its tools.'),
        }),
      )
      .optional()
      .describe('The MCP servers of the agent, and which of their tools the model may use.'),
    listed: z.array(listedSchema.nullable()).default([]).describe('What the servers say about their tools.'),
  }),
  output: z.object({
    done: z.boolean().describe('The agent has its answer.'),
    answer: z
      .object({
        output: json().describe('The answer.'),
        text: z.string().describe('The answer as the model wrote it.'),
        turns: z.int().describe('Turns that were taken.'),
        usage,
        cost,
      })
      .nullable()
      .describe('The output of the agent.'),
    stop: z
      .object({ code: z.string().describe('Code of the error.'), message: z.string().describe('Which limit it is.') })
      .nullable()
      .describe('Why the agent must stop without an answer.'),
    calls: z
      .array(
        z.object({
          id: z.string().describe('Id of the call.'),
          name: z.string().describe('The tool.'),
          args: json().describe('Its arguments.'),
          turn: z.int().describe('The turn in which it is called.'),
          mcp: z
            .object({
              server: z.string().describe('How the agent calls the server.'),
              url: z.string().describe('Address of the server.'),
              tool: z.string().describe('Name of the tool at the server.'),
              sha256: z.string().describe('Hash of its description.'),
            })
            .optional()
            .describe('Where the tool is, if it belongs to an MCP server.'),
        }),
      )
      .describe('Calls of tools: each becomes steps of the run.'),
    refused: z.array(z.string()).describe('What the model called that is no tool, or was called wrongly.'),
    text: z.string().describe('What the model said.'),
    conversation: storedSchema.describe('Where the conversation is stored.'),
    turn: z.int().describe('Number of the turn, from 1.'),
    usage,
    cost,
  }),
  examples: [
    {
      title: 'The first turn',
      with: {
        next: { start: { model: 'gpt-5.5', input: 'Where is order 7?' }, maxTurns: 8 },
        tools: { find: { description: 'Finds an order by its number.', parameters: { type: 'object' } } },
      },
    },
  ],
  errors: {
    ...modelErrors,
    'agent.tokens': 'The next turn would use more tokens than `maxTokens` leaves.',
    'ai.cut': 'The answer was cut at the limit of tokens.',
    'ai.invalid': 'The answer does not fit the schema, even after two corrections.',
  },
  notes: 'What an agent does in its turns is in [agents](../agents.md).',
  async run(ctx, { next, tools, listed }) {
    const { takeTurn } = await import('./agent/take-turn.ts');
    const { askModel } = await import('./model/ask.ts');
    const { stepMemory } = await import('./model/memory.ts');
    const { openModel } = await import('./model/open.ts');
    const provider = await openModel(ctx);
    const memory = stepMemory(ctx)('answer');
    const due = { ...next, tools, listed: listed.filter((each) => each !== null) };
    return takeTurn(ctx, due, ({ maxCost }, request) =>
      askModel(within(ctx, maxCost, agentOf(ctx.step)), provider, request, memory),
    );
  },
});

/** The path of the agent whose turn a step is: `desk[2].model` → `desk`. */
const agentOf = (step: string): string => step.replace(/\[\d+\]\.[^.[\]]+$/, '');
