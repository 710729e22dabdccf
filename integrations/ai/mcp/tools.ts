import { createHash } from 'node:crypto';
import { canonicalJson } from '../../../graph/document/canonical.ts';
import { NodeError } from '../../error.ts';
import type { McpServer } from './client.ts';

/** A tool as its server describes it. */
export interface Described {
  readonly name: string;
  readonly description: string;
  readonly parameters: Record<string, unknown>;
  /** Hash of all that the model is told about the tool. */
  readonly sha256: string;
}

/** Most pages of tools that a server is asked for. */
const MOST_PAGES = 20;
/** Longest description and schema of a tool, as JSON: they are part of each turn. */
const LONGEST = 20_000;

/**
 * The tools of a server with these names. Whatever else the server offers is not looked at.
 *
 * @throws NodeError `mcp.missing`, `mcp.tooLarge`
 */
export async function describedTools({ client, options }: McpServer, names: readonly string[]): Promise<Described[]> {
  const found = new Map<string, Described>();
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES && found.size < names.length; page += 1) {
    const { tools, nextCursor } = await client.listTools(cursor === undefined ? {} : { cursor }, options);
    for (const { name, description = '', inputSchema } of tools)
      if (names.includes(name) && !found.has(name)) found.set(name, described(name, description, inputSchema));
    if (nextCursor === undefined) break;
    cursor = nextCursor;
  }
  return names.map((name) => {
    const tool = found.get(name);
    if (tool === undefined) throw new NodeError('mcp.missing', `The MCP server has no tool ${JSON.stringify(name)}.`);
    return tool;
  });
}

function described(name: string, description: string, parameters: Record<string, unknown>): Described {
  const text = canonicalJson({ name, description, parameters });
  if (text.length > LONGEST)
    throw new NodeError(
      'mcp.tooLarge',
      `The description of the tool ${JSON.stringify(name)} has ${text.length} characters; the most is ${LONGEST}.`,
    );
  return { name, description, parameters, sha256: createHash('sha256').update(text).digest('hex') };
}

/** @throws NodeError `mcp.changed` if a tool is described in other words than when it was accepted */
export function requireUnchanged({ name, sha256 }: Described, accepted: string, hint: string): void {
  if (sha256 === accepted) return;
  throw new NodeError(
    'mcp.changed',
    `The MCP server describes the tool ${JSON.stringify(name)} in other words than before, so it is not used: whoever changes a description can change what the model does. ${hint}`,
    { details: { tool: name, accepted, now: sha256 } },
  );
}
