import type { NodeContext } from '../../context.ts';
import { NodeError } from '../../error.ts';
import { calling, type ProviderCall } from '../../failures/classify.ts';
import type { FailureTable } from '../../failures/failure-table.ts';

/** What MCP servers answer that is no success. */
const table: FailureTable = {
  provider: 'mcp',
  codeAt: ['error.code', 'code'],
  messageAt: ['error.message', 'message'],
};

/** How much of a server's message an error shows. */
const EXCERPT = 500;

/** Headers of the answers that were no success, by their statuses. */
export type Refused = Map<number, Readonly<Record<string, string>>>;

/**
 * Does work with an MCP server, and turns what the library throws into a `NodeError`.
 *
 * @param refused what the conversation around has heard, if the work is a part of one
 */
export async function classified<T>(
  ctx: NodeContext,
  call: ProviderCall,
  work: (refused: Refused) => Promise<T>,
  refused: Refused = new Map(),
): Promise<T> {
  return calling(ctx, table, call, async () => {
    try {
      return await work(refused);
    } catch (thrown) {
      throw withStatus(thrown, refused) ?? refusal(ctx, thrown) ?? thrown;
    }
  });
}

/** An error with the answer that the library made it of; null if it was no answer. */
function withStatus(thrown: unknown, refused: Refused): unknown {
  if (!(thrown instanceof Error)) return null;
  const { code, status = code, message } = thrown as { code?: unknown; status?: unknown; message: string };
  const headers = typeof status === 'number' ? refused.get(status) : undefined;
  if (headers === undefined) return null;
  return Object.assign(new Error(message, { cause: thrown }), { status, headers, body: { message } });
}

/** An error of JSON-RPC: the server understood the request and refuses it. */
function refusal(ctx: NodeContext, thrown: unknown): NodeError | null {
  const { code, message } = thrown as { code?: unknown; message?: unknown };
  if (!(thrown instanceof Error) || typeof code !== 'number' || code > -32000) return null;
  return new NodeError('mcp.refused', `The MCP server refuses: ${ctx.excerpt(String(message), EXCERPT)} (${code}).`);
}
