import { z } from 'zod';
import { defineNode } from '../define.ts';
import { NodeError } from '../error.ts';
import { json } from '../schema.ts';
import { readAnswer } from './mcp/answer.ts';
import { mcpConnection, mcpErrors } from './mcp/policy.ts';

/** How much of what a tool says about its failure an error shows. */
const EXCERPT = 2_000;

/** Calls a tool of an MCP server. */
export const mcpCall = defineNode({
  type: 'ai.mcpCall',
  version: '1.0.0',
  title: 'Call a tool of an MCP server',
  description: 'Calls one tool of an MCP server over HTTP and returns what it answers.',
  effect: 'at-least-once',
  timeout: '15m',
  retry: { maxAttempts: 3, delay: '1s', factor: 2, maxDelay: '30s', attemptTimeout: '5m' },
  connection: mcpConnection,
  input: z.strictObject({
    url: z.string().min(1).max(2_000).describe('Address of the server.'),
    tool: z.string().min(1).max(200).describe('Name of the tool.'),
    args: z.record(z.string(), json()).default({}).describe('Its arguments.'),
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .nullable()
      .optional()
      .describe(
        'Hash of the description that is accepted: if the server describes the tool otherwise, it is not called.',
      ),
  }),
  output: z.object({
    text: z.string().describe('The texts that it answered, one below the other.'),
    structured: json().describe('The data that it answered, or null.'),
    others: z.array(json()).describe('What is no text. Of images and sounds, only the kind and the size.'),
  }),
  examples: [
    {
      title: 'Search a wiki',
      with: { url: 'https://wiki.acme.example/mcp', tool: 'search', args: { query: 'refunds' } },
    },
  ],
  errors: {
    ...mcpErrors,
    'mcp.failed': 'The tool itself failed; the message holds its words.',
    'mcp.unknown': 'An earlier attempt may have called the tool: its worker was lost, or no answer came in time.',
  },
  notes: 'A call whose answer is lost is not repeated by itself, because nobody knows what the tool has done.',
  async run(ctx, { url, tool, args, sha256 }) {
    if (ctx.lookBefore)
      throw new NodeError(
        'mcp.unknown',
        `An earlier attempt may have called ${tool}, and its answer is lost. It is not called again.`,
        { unknown: true },
      );
    const { withServer } = await import('./mcp/client.ts');
    const { describedTools, requireUnchanged } = await import('./mcp/tools.ts');
    if (sha256) {
      const listing = { what: 'tools/list', writes: false };
      const [described] = await withServer(ctx, url, listing, (server) => describedTools(server, [tool]));
      requireUnchanged(described!, sha256, 'Let the agent begin again, and look at what has changed.');
    }
    const call = { what: `tools/call ${tool}`, writes: true };
    const answer = await withServer(ctx, url, call, ({ client, options }) =>
      client.callTool({ name: tool, arguments: args }, options),
    );
    const read = readAnswer(answer);
    if (answer.isError === true)
      throw new NodeError('mcp.failed', `The tool failed: ${ctx.excerpt(read.text, EXCERPT)}`);
    return read;
  },
});
