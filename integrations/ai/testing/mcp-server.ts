import type { Json, JsonObject } from '../../../graph/json.ts';
import { type FakeProvider, fakeProvider } from '../../testing/fake-provider/provider.ts';

/** What an MCP server of a test has and has done. */
export interface McpState {
  tools: { name: string; description: string; inputSchema: JsonObject }[];
  /** Tools that were called, in order. */
  called: { name: string; args: Json }[];
  answer: (name: string, args: Json) => JsonObject;
}

const SEARCH = {
  name: 'search',
  description: 'Searches the wiki.',
  inputSchema: { type: 'object', properties: { query: { type: 'string' } } },
};

const text = (said: string): JsonObject => ({ content: [{ type: 'text', text: said }] });

/** A server that speaks the protocol over HTTP, as its specification of 2025-06-18 describes it: JSON, without streams. */
export function mcpServer(token?: string): Promise<FakeProvider<McpState>> {
  return fakeProvider<McpState>({
    state: () => ({
      tools: structuredClone([SEARCH, { ...SEARCH, name: 'delete', description: 'Deletes a page.' }]),
      called: [],
      answer: (name) => text(`${name} has answered`),
    }),
    authorize: ({ headers }) =>
      token === undefined || headers.authorization === `Bearer ${token}`
        ? null
        : { status: 401, body: { message: 'no' } },
    routes: {
      'POST /mcp': ({ body }, state) => {
        const { id, method, params = {} } = body as { id?: number; method: string; params?: JsonObject };
        if (id === undefined) return { status: 202 };
        const result = resultOf(method, params, state);
        const error = { code: -32601, message: `There is no ${method}.` };
        return { status: 200, body: { jsonrpc: '2.0', id, ...(result === null ? { error } : { result }) } };
      },
    },
  });
}

function resultOf(method: string, params: JsonObject, state: McpState): JsonObject | null {
  if (method === 'initialize') {
    const serverInfo = { name: 'test', version: '1' };
    return { protocolVersion: '2025-06-18', capabilities: { tools: {} }, serverInfo };
  }
  if (method === 'tools/list') return { tools: state.tools };
  if (method !== 'tools/call') return null;
  const { name, arguments: args = {} } = params;
  state.called.push({ name: String(name), args });
  return state.answer(String(name), args);
}
