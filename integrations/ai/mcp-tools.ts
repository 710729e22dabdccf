import { z } from 'zod';
import { defineNode } from '../define.ts';
import { listedSchema } from './agent/memory.ts';
import { mcpConnection, mcpErrors } from './mcp/policy.ts';

/** Asks an MCP server what its tools are. */
export const mcpTools = defineNode({
  type: 'ai.mcpTools',
  version: '1.0.0',
  title: 'Describe tools of an MCP server',
  description:
    'Asks an MCP server how it describes some of its tools, and accepts only descriptions that have not changed since they were first used. ' +
    'An `ai.agent` begins with it for each of its servers.',
  effect: 'idempotent',
  timeout: '5m',
  retry: { maxAttempts: 4, delay: '1s', factor: 2, maxDelay: '30s', attemptTimeout: '1m' },
  connection: mcpConnection,
  input: z.strictObject({
    url: z.string().min(1).max(2_000).describe('Address of the server.'),
    server: z.string().min(1).max(64).default('mcp').describe('How the server is called in the output.'),
    tools: z
      .array(
        z.union([
          z.string().min(1),
          z.strictObject({
            name: z.string().min(1).describe('Name of the tool.'),
            sha256: z
              .string()
              .regex(/^[0-9a-f]{64}$/)
              .optional()
              .describe('Hash of the description that is accepted.'),
          }),
        ]),
      )
      .min(1)
      .max(64)
      .describe('Names of the tools, each with the hash of the description that you accept, if you know it.'),
  }),
  output: listedSchema,
  examples: [{ title: 'The search of a wiki', with: { url: 'https://wiki.acme.example/mcp', tools: ['search'] } }],
  errors: mcpErrors,
  notes: `
Whoever changes the description of a tool can change what a model does. So the first descriptions that a workflow uses are remembered by their hashes, in the
[key-value store](kv.set.md) of the workflow, and later ones must be the same. With \`sha256\`, the graph itself says which description is accepted.
`.trim(),
  async run(ctx, { url, server, tools: given }) {
    const { withServer } = await import('./mcp/client.ts');
    const { describedTools } = await import('./mcp/tools.ts');
    const { requirePinned } = await import('./mcp/pins.ts');
    const wanted = given.map((tool) => (typeof tool === 'string' ? { name: tool, sha256: undefined } : tool));
    const names = wanted.map(({ name }) => name);
    const call = { what: 'tools/list', writes: true, mayRepeat: true };
    const tools = await withServer(ctx, url, call, (opened) => describedTools(opened, names));
    await requirePinned(
      ctx,
      url,
      tools.map((tool, index) => ({ ...tool, pinned: wanted[index]?.sha256 })),
    );
    return { server, url, tools };
  },
});
