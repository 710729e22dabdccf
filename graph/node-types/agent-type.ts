import { isId, splitUses } from '../document/names.ts';
import type { GraphNode, InlineNode } from '../document/types.ts';
import { parseDuration } from '../duration.ts';
import { isMap, type Json, type JsonObject, type JsonSchema } from '../json.ts';
import type { BodyAt } from '../structure/bodies.ts';
import { parameters } from './parameter-schema.ts';

/** The type of an agent, and of the effects that it consists of when it is compiled. */
export const AGENT = 'ai.agent';
export const AGENT_TURN = 'ai.turn';
export const MCP_TOOLS = 'ai.mcpTools';
export const MCP_CALL = 'ai.mcpCall';

export const isAgent = (node: Pick<GraphNode, 'uses'>): boolean => splitUses(node.uses).type === AGENT;

/** Whether the nodes of a body are the tools of an agent. */
export const holdsTools = ({ kind, owner }: BodyAt): boolean =>
  kind === 'container' && owner !== undefined && isAgent(owner.node);

/** Most tools of an agent, of its own and of MCP servers together, because all of them are told to the model each turn. */
export const MAX_AGENT_TOOLS = 64;
export const MAX_AGENT_SERVERS = 8;
export const MAX_AGENT_TURNS = 100;
/** Turns of an agent that says nothing about them. */
export const USUAL_AGENT_TURNS = 16;
/** Calls of one turn that run side by side, if the agent does not say how many. */
export const USUAL_CALLS_AT_ONCE = 8;
/** Longest name of a tool that providers take. */
export const MAX_TOOL_NAME = 64;

const text: JsonSchema = { type: 'string', minLength: 1 };
const described = (description: string, schema: JsonSchema): JsonSchema => ({ ...schema, description });

const tool = parameters(
  {
    description: described('What the tool does, and when to use it: the model reads this.', {
      ...text,
      maxLength: 4_000,
    }),
    parameters: described('JSON Schema of the arguments: an object. Not given: the tool takes none.', {
      type: 'object',
    }),
    approval: described('Somebody decides before each call: `to`, `title`, `message`, `form`, `timeout`, `notify`.', {
      type: 'object',
    }),
  },
  ['description'],
);

const server = parameters(
  {
    name: described('How the agent calls the server; `mcp1`, `mcp2` … if not given.', text),
    url: described('Address of the server.', text),
    connection: described('Name of a connection of the workspace.', text),
    tools: described('Tools the model may use, by name; each may also give the `sha256` of its description.', {
      type: 'array',
      minItems: 1,
      items: {
        anyOf: [text, parameters({ name: text, sha256: { type: 'string', pattern: '^[0-9a-f]{64}$' } }, ['name'])],
      },
    }),
  },
  ['url', 'tools'],
);

/** Schema of the `with` of an agent. */
export const agentParameters: JsonSchema = parameters(
  {
    model: described('Name of the model, as the provider writes it.', text),
    instructions: described('What the agent is there for, and how it works.', { type: 'string' }),
    input: described('What it is to work on: a text, or any data.', {}),
    output: described('JSON Schema of the answer. Not given: the answer is a text.', { type: 'object' }),
    maxTurns: described(`Most calls of the model, ${USUAL_AGENT_TURNS} if not given.`, {
      type: 'integer',
      minimum: 1,
      maximum: MAX_AGENT_TURNS,
    }),
    maxTokens: described('Most tokens of all turns together.', { type: 'integer', minimum: 1 }),
    maxCost: described('Most that all turns may cost together, in US dollars.', {
      type: 'number',
      exclusiveMinimum: 0,
    }),
    maxOutputTokens: described('Most tokens of one answer, 4,096 if not given.', { type: 'integer', minimum: 16 }),
    temperature: described('How freely the model chooses its words.', { type: 'number', minimum: 0, maximum: 2 }),
    reasoning: described('How long the model thinks before it answers.', { enum: ['none', 'low', 'medium', 'high'] }),
    background: described(
      'The provider works on in the background, if it can, so that no crash makes a turn be paid for twice.',
      {
        type: 'boolean',
      },
    ),
    concurrency: described(`Calls of one turn that run side by side, ${USUAL_CALLS_AT_ONCE} if not given.`, {
      type: 'integer',
      minimum: 1,
      maximum: 32,
    }),
    tools: described('What the model may use: for each tool, a node of the same id stands in `nodes`.', {
      type: 'object',
      additionalProperties: tool,
    }),
    mcp: described('MCP servers, and which of their tools the model may use.', {
      type: 'array',
      maxItems: MAX_AGENT_SERVERS,
      items: server,
    }),
  },
  ['model', 'input'],
);

/** The arguments of a tool whose author says nothing about them. */
export const NO_ARGUMENTS = { type: 'object', properties: {}, additionalProperties: false } as const;

const count: JsonSchema = { type: 'integer' };
const fields = (properties: Record<string, JsonSchema>): JsonSchema => ({
  type: 'object',
  properties,
  additionalProperties: false,
});

/** Schema of the output of an agent. */
export function agentOutput(node: Pick<GraphNode, 'with'>): JsonSchema {
  const schema = node.with?.output;
  // A reference in the author's schema would lead into this one.
  const isUsable = isMap(schema) && !JSON.stringify(schema).includes('"$ref"');
  const answer = schema === undefined || schema === null ? { type: 'string' } : isUsable ? (schema as JsonSchema) : {};
  return fields({
    output: answer,
    text: { type: 'string' },
    turns: count,
    usage: fields({
      ...{ input: count, cacheRead: count, cacheWrite: count, output: count, reasoning: count },
      estimated: { type: 'boolean' },
    }),
    cost: { type: ['string', 'null'] },
  });
}

/** The tools of an agent as they are written, by name. What is not a map is left out: it is reported elsewhere. */
export function toolsOf(node: Pick<GraphNode, 'with'>): ReadonlyMap<string, JsonObject> {
  const tools = node.with?.tools;
  if (!isMap(tools)) return new Map();
  return new Map(Object.entries(tools).filter((entry): entry is [string, JsonObject] => isMap(entry[1])));
}

/** An MCP server of an agent. */
export interface AgentServer {
  /** Position in `mcp`. */
  readonly index: number;
  readonly name: string;
  readonly url: Json;
  readonly connection?: string;
  readonly tools: readonly { readonly name: string; readonly sha256?: string }[];
}

/** The MCP servers of an agent, each with its name. */
export function serversOf(node: Pick<GraphNode, 'with'>): AgentServer[] {
  const given = node.with?.mcp;
  if (!Array.isArray(given)) return [];
  return given.flatMap((each, index): AgentServer[] => {
    if (!isMap(each)) return [];
    const { name, url = null, connection, tools } = each;
    return [
      {
        index,
        name: typeof name === 'string' && isId(name) ? name : `mcp${index + 1}`,
        url,
        ...(typeof connection === 'string' ? { connection } : {}),
        tools: Array.isArray(tools) ? tools.flatMap(serverTool) : [],
      },
    ];
  });
}

function serverTool(given: Json): { name: string; sha256?: string }[] {
  if (typeof given === 'string') return [{ name: given }];
  if (!isMap(given) || typeof given.name !== 'string') return [];
  return [{ name: given.name, ...(typeof given.sha256 === 'string' ? { sha256: given.sha256 } : {}) }];
}

/** The name under which the model knows a tool of an MCP server: providers take letters, digits, `_` and `-` only. */
export const serverToolName = (server: string, tool: string): string =>
  `${server}_${tool.replace(/[^A-Za-z0-9_-]/g, '_')}`;

/** The `approval` of a tool as the node that it becomes; undefined if the tool needs none. */
export function approvalOf(tool: JsonObject): GraphNode | undefined {
  if (!isMap(tool.approval)) return undefined;
  const { timeout, notify, ...given } = tool.approval;
  const isTime = typeof timeout === 'string' && parseDuration(timeout) !== null;
  const isNode = isInline(notify);
  return {
    uses: 'approval',
    // What has a wrong shape stays among the parameters, where it is reported.
    with: {
      ...given,
      ...(timeout === undefined || isTime ? {} : { timeout }),
      ...(notify === undefined || isNode ? {} : { notify }),
    },
    ...(isTime ? { timeout } : {}),
    ...(isNode ? { notify } : {}),
  };
}

const INLINE = new Set(['uses', 'with', 'connection', 'timeout']);

function isInline(value: Json | undefined): value is Json & InlineNode {
  if (!isMap(value) || typeof value.uses !== 'string') return false;
  const { connection, timeout } = value;
  return (
    Object.keys(value).every((key) => INLINE.has(key)) &&
    (value.with === undefined || isMap(value.with)) &&
    [connection, timeout].every((text) => text === undefined || typeof text === 'string')
  );
}
