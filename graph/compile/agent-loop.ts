import type { GraphNode } from '../document/types.ts';
import { type Renaming, renameInNode } from '../edit/references.ts';
import { mapValues } from '../edit/tree.ts';
import type { Json, JsonObject } from '../json.ts';
import {
  AGENT_TURN,
  type AgentServer,
  approvalOf,
  MCP_CALL,
  MCP_TOOLS,
  serversOf,
  toolsOf,
  USUAL_AGENT_TURNS,
  USUAL_CALLS_AT_ONCE,
} from '../node-types/agent-type.ts';

type Nodes = Readonly<Record<string, GraphNode>>;

/** The ids of the steps of an agent. */
interface Steps {
  /** The turn of the model. */
  readonly model: string;
  /** Fails when a limit is reached. */
  readonly limit: string;
  /** The loop over the calls of a turn. */
  readonly calls: string;
  /** Tells the first round from the others; only with MCP servers. */
  readonly first: string;
  /** Asks a server for its tools. */
  readonly list: (server: string) => string;
  /** Asks somebody before a tool is called. */
  readonly ask: (tool: string) => string;
}

/**
 * An agent as the `while` that it means.
 *
 * What a turn needs of the one before passes through `state.next`: the stored conversation, and what the tools answered.
 * The last state, which is the output of the agent, has no `next`.
 *
 * @param free gives each step an id that nothing else in sight has
 * @param expand expands the tools themselves, after all steps have their ids
 */
export function agentLoop(
  id: string,
  node: GraphNode,
  free: (wanted: string) => string,
  expand: (tools: Nodes) => Nodes,
): GraphNode {
  const servers = serversOf(node);
  const steps = stepsOf(node, servers, free);
  const { connection, retry, priority, onExpired, nodes = {}, with: given = {}, ...rest } = node;
  const turn: GraphNode = {
    uses: AGENT_TURN,
    ...{ ...(connection && { connection }), ...(retry && { retry }), ...(priority && { priority }) },
    ...(onExpired && { onExpired }),
    with: turnParameters(node, servers, steps),
  };
  const { model, limit, calls, first } = steps;
  const inCall = callIn(id, calls);
  const tools = expand(mapValues(nodes, (tool) => renameInNode(tool, inCall)));
  return {
    ...rest,
    uses: 'while',
    with: loopParameters(given, servers),
    nodes: {
      ...(servers.length > 0 && { [first]: { uses: 'if', with: { test: '${{ index == 0 }}' } } }),
      ...Object.fromEntries(servers.map((server) => [steps.list(server.name), listing(server, steps)])),
      [model]: servers.length === 0 ? turn : { ...turn, ...afterListing(servers, steps) },
      [limit]: failing(steps),
      [calls]: callsOf(node, { tools, approvals: approvalsOf(node, inCall), servers }, steps),
    },
    output: `\${{ nodes.${model}.done ? nodes.${model}.answer : ${nextOf(steps)} }}`,
  };
}

function stepsOf(node: GraphNode, servers: readonly AgentServer[], free: (wanted: string) => string): Steps {
  const [model, limit, calls] = [free('model'), free('limit'), free('calls')];
  const first = servers.length > 0 ? free('first') : 'first';
  const lists = new Map(servers.map(({ name }) => [name, free(`list_${name}`)]));
  const asks = new Map([...toolsOf(node).keys()].map((tool) => [tool, free(`ask_${tool}`)]));
  return { model, limit, calls, first, list: (server) => lists.get(server)!, ask: (tool) => asks.get(tool)! };
}

/** Inside a tool, `loops.<agent>.item` is the call: the item of the loop over the calls. */
const callIn =
  (agent: string, calls: string): Renaming =>
  (kind, id, field) =>
    kind === 'loops' && id === agent && field === 'item' ? calls : null;

/** What the author gave, resolved once; what is read when the graph is published stands in the turns themselves. */
function loopParameters(
  { tools: _, mcp: _mcp, concurrency: _side, ...given }: JsonObject,
  servers: readonly AgentServer[],
): JsonObject {
  const { maxTurns = USUAL_AGENT_TURNS, ...start } = given;
  const urls = Object.fromEntries(servers.map(({ name, url }) => [name, url]));
  return {
    state: { next: { start, maxTurns, urls, conversation: null, results: [], errors: [] } },
    test: '${{ state.next != null }}',
    max: maxTurns,
  };
}

/** The state that the next turn begins with. */
const nextOf = ({ model, calls }: Steps): string =>
  `{ next: { maxTurns: state.next.maxTurns, urls: state.next.urls, conversation: nodes.${model}.conversation, ` +
  `results: nodes.${calls}?.results ?? [], errors: nodes.${calls}?.errors ?? [] } }`;

function turnParameters(node: GraphNode, servers: readonly AgentServer[], { list }: Steps): JsonObject {
  const tools = Object.fromEntries([...toolsOf(node)].map(([name, { approval: _, ...tool }]) => [name, tool as Json]));
  return {
    next: '${{ state.next }}',
    tools,
    ...(servers.length > 0 && {
      servers: servers.map(({ name, tools: listed }) => ({ name, tools: listed.map((each) => each.name) })),
      listed: servers.map(({ name }) => `\${{ nodes.${list(name)} }}`),
    }),
  };
}

/** Asks a server for its tools in the first turn: their descriptions are part of the conversation from then on. */
function listing({ name, connection, tools }: AgentServer, { first }: Steps): GraphNode {
  return {
    uses: MCP_TOOLS,
    needs: [`${first}.true`],
    ...(connection === undefined ? {} : { connection }),
    with: { url: `\${{ state.next.urls.${name} }}`, server: name, tools: tools as unknown as Json },
  };
}

const afterListing = (servers: readonly AgentServer[], { first, list }: Steps): Pick<GraphNode, 'needs' | 'join'> => ({
  needs: [`${first}.false`, ...servers.map(({ name }) => list(name))],
  join: 'any',
});

/** A limit that was reached ends the agent before the calls of that turn: nobody would read what they answer. */
const failing = ({ model }: Steps): GraphNode => ({
  uses: 'fail',
  needs: [model],
  if: `\${{ nodes.${model}.stop != null }}`,
  with: { code: `\${{ nodes.${model}.stop.code }}`, message: `\${{ nodes.${model}.stop.message }}` },
});

/** The approvals that tools need, by tool. */
function approvalsOf(node: GraphNode, inCall: Renaming): ReadonlyMap<string, GraphNode> {
  return new Map(
    [...toolsOf(node)].flatMap(([name, tool]): [string, GraphNode][] => {
      const approval = approvalOf(tool);
      // Such a graph has problems, so nobody publishes it. Without this line, nobody would be asked either.
      if (approval === undefined && (tool.approval ?? null) !== null)
        throw new Error(`The approval of the tool ${name} is not written out.`);
      return approval === undefined ? [] : [[name, renameInNode(approval, inCall)]];
    }),
  );
}

/** Whatever answers calls. */
interface Answering {
  readonly tools: Nodes;
  readonly approvals: ReadonlyMap<string, GraphNode>;
  readonly servers: readonly AgentServer[];
}

/** The loop over the calls of a turn. A failure is what the tool answers: the model decides what to do about it. */
function callsOf(node: GraphNode, { tools, approvals, servers }: Answering, { model, ask }: Steps): GraphNode {
  const guarded = (tool: GraphNode, name: string): GraphNode =>
    approvals.has(name) ? { ...tool, needs: [`${ask(name)}.approved`] } : { ...tool, if: isCalled(name) };
  const asks = [...approvals].map(([name, approval]) => [ask(name), { ...approval, if: isCalled(name) }] as const);
  const outputs = [...Object.keys(tools), ...servers.map(({ name }) => name)].map((name) => [name, ifAny(name)]);
  const decisions = [...approvals.keys()].map((name) => [name, ifAny(ask(name))]);
  return {
    uses: 'forEach',
    needs: [model],
    if: `\${{ nodes.${model}.stop == null && nodes.${model}.calls.length > 0 }}`,
    with: {
      items: `\${{ nodes.${model}.calls }}`,
      concurrency: node.with?.concurrency ?? USUAL_CALLS_AT_ONCE,
      onItemError: 'continue',
    },
    nodes: {
      ...Object.fromEntries(asks),
      ...mapValues(tools, guarded),
      ...Object.fromEntries(servers.map((server) => [server.name, calling(server)])),
    },
    output: {
      id: '${{ item.id }}',
      outputs: Object.fromEntries(outputs),
      ...(decisions.length > 0 && { approvals: Object.fromEntries(decisions) }),
    },
  };
}

const isCalled = (tool: string): string => `\${{ item.name == '${tool}' }}`;

/** The output of a node; the field is left out if the node has none. */
const ifAny = (id: string): string => `\${{ nodes.${id} ?? undefined }}`;

const calling = ({ name, connection }: AgentServer): GraphNode => ({
  uses: MCP_CALL,
  ...(connection === undefined ? {} : { connection }),
  if: `\${{ item.mcp?.server == '${name}' }}`,
  with: {
    url: '${{ item.mcp.url }}',
    tool: '${{ item.mcp.tool }}',
    sha256: '${{ item.mcp.sha256 }}',
    args: '${{ item.args }}',
  },
});
