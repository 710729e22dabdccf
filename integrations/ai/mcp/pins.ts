import { createHash } from 'node:crypto';
import type { Json } from '../../../graph/json.ts';
import type { NodeContext } from '../../context.ts';
import { type Described, requireUnchanged } from './tools.ts';

/** How often hashes are written again because another run wrote at the same time. */
const MOST_TRIES = 5;

/** Where a workflow keeps the hashes of what a server's tools were described as when they were first used. */
function pinKey(url: string): string {
  const { host } = new URL(url);
  return `mcp ${host.slice(0, 300)} ${createHash('sha256').update(url).digest('hex').slice(0, 16)}`;
}

/**
 * Accepts descriptions: those the author has pinned by their hashes, and otherwise those that this workflow used first.
 *
 * @throws NodeError `mcp.changed`
 */
export async function requirePinned(
  ctx: NodeContext,
  url: string,
  tools: readonly (Described & { readonly pinned?: string | undefined })[],
): Promise<void> {
  for (const tool of tools)
    if (tool.pinned !== undefined)
      requireUnchanged(tool, tool.pinned, `If the new ones are good, set its \`sha256\` to ${tool.sha256}.`);
  const others = tools.filter(({ pinned }) => pinned === undefined);
  const key = pinKey(url);
  for (let attempt = 1; others.length > 0; attempt += 1) {
    const { value, version } = await ctx.kv.get(key, 'workflow');
    const known = hashesIn(value);
    for (const tool of others) {
      const accepted = known.get(tool.name);
      if (accepted !== undefined)
        requireUnchanged(
          tool,
          accepted,
          `If the new ones are good, delete the key ${JSON.stringify(key)} of this workflow, or write \`sha256\` into the graph.`,
        );
    }
    const fresh = others.filter(({ name }) => !known.has(name));
    if (fresh.length === 0) return;
    const hashes = Object.fromEntries([...known, ...fresh.map(({ name, sha256 }) => [name, sha256] as const)]);
    try {
      await ctx.kv.set(key, hashes, { scope: 'workflow', ifVersion: version });
      return;
    } catch (error) {
      // The store of a worker throws errors of its own kind.
      const isConflict = (error as { readonly code?: string }).code === 'kv.conflict';
      if (!isConflict || attempt >= MOST_TRIES) throw error;
    }
  }
}

/** By name, in a map: a tool may be called like something that every object has. */
function hashesIn(value: Json): ReadonlyMap<string, string> {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return new Map();
  return new Map(Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}
