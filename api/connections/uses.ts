import { usersOfConnection } from '../../db/index.ts';
import type { Graph, GraphNode } from '../../graph/document/types.ts';
import { approvalOf, isAgent, MCP_CALL, serversOf, toolsOf } from '../../graph/node-types/agent-type.ts';
import { escapeSegment } from '../../graph/pointer.ts';
import { bodiesOf, nodePath } from '../../graph/structure/bodies.ts';
import type { Context } from '../context.ts';
import { get } from './get.ts';

/** A place in a published graph that names a connection. */
export interface ConnectionUse {
  readonly workflow: string;
  readonly version: number;
  readonly kind: 'node' | 'trigger';
  /** Id of the node or trigger. */
  readonly id: string;
  readonly uses: string;
  /** JSON Pointer into the graph. */
  readonly path: string;
}

/** Graphs that are read at a time, because each may have a megabyte. */
const AT_ONCE = 20;

/** Most places that are listed. */
const MOST = 1_000;

/** Which published workflows use a connection, and where. @throws ApiProblem `connection.notFound` */
export async function uses(
  ctx: Context,
  input: { name: string },
): Promise<{ items: ConnectionUse[]; complete: boolean }> {
  const { name } = await get(ctx, input);
  const items: ConnectionUse[] = [];
  for (let after = ''; items.length <= MOST; ) {
    const users = await ctx.tenant((tx) => usersOfConnection(tx, { connection: name, after, limit: AT_ONCE }));
    for (const { workflow, version, graph } of users)
      items.push(...usesIn(graph, name).map((use) => ({ workflow, version, ...use })));
    if (users.length < AT_ONCE) break;
    after = users.at(-1)!.workflow;
  }
  return { items: items.slice(0, MOST), complete: items.length <= MOST };
}

type UseInGraph = Omit<ConnectionUse, 'workflow' | 'version'>;

/** The places in a graph that name a connection. */
export function usesIn(graph: Graph, connection: string): UseInGraph[] {
  const triggers = Object.entries(graph.triggers ?? {}).flatMap(([id, trigger]) =>
    trigger.connection === connection
      ? [{ kind: 'trigger' as const, id, uses: trigger.uses, path: `/triggers/${id}` }]
      : [],
  );
  const nodes = bodiesOf(graph).flatMap((body) =>
    Object.entries(body.body.nodes).flatMap(([id, node]) =>
      partsOf(node).flatMap(([part, { uses, connection: named }]) =>
        named === connection ? [{ kind: 'node' as const, id, uses, path: `${nodePath(body, id)}${part}` }] : [],
      ),
    ),
  );
  return [...triggers, ...nodes];
}

type Part = readonly [path: string, part: Pick<GraphNode, 'uses' | 'connection'>];

/** A node and the effects beside it. */
const partsOf = (node: GraphNode): Part[] => [
  ['', node],
  ...(node.compensate ? [['/compensate', node.compensate] as const] : []),
  ...(node.notify ? [['/notify', node.notify] as const] : []),
  ...(isAgent(node) ? partsOfAgent(node) : []),
];

/** The MCP servers of an agent, and who is told that a tool needs an approval. */
function partsOfAgent(agent: GraphNode): Part[] {
  const servers = serversOf(agent).map(({ index, connection }): Part => {
    return [`/with/mcp/${index}`, { uses: MCP_CALL, ...(connection && { connection }) }];
  });
  const told = [...toolsOf(agent)].flatMap(([name, tool]): Part[] => {
    const notify = approvalOf(tool)?.notify;
    return notify ? [[`/with/tools/${escapeSegment(name)}/approval/notify`, notify]] : [];
  });
  return [...servers, ...told];
}
