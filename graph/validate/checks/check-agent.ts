import { isId } from '../../document/names.ts';
import type { GraphNode } from '../../document/types.ts';
import { isMap, type Json, type JsonObject, type JsonSchema } from '../../json.ts';
import { AGENT_TURN, MAX_AGENT_TOOLS, MCP_CALL, toolsOf } from '../../node-types/agent-type.ts';
import type { ValidationContext } from '../../node-types/context.ts';
import { findFacts } from '../../node-types/facts.ts';
import { escapeSegment } from '../../pointer.ts';
import { problem } from '../../problems/codes.ts';
import { didYouMean } from '../../problems/nearest.ts';
import type { Problem } from '../../problems/problem.ts';
import type { BodyAt } from '../../structure/bodies.ts';
import { checkSchema } from '../schemas/check-json-schema.ts';
import { checkConnection } from './check-connection.ts';
import { checkServers } from './check-servers.ts';
import { written } from './written.ts';

/** Checks what an agent consists of: its tools and their nodes, its MCP servers, what it answers. */
export function checkAgent(node: GraphNode, path: string, at: BodyAt, context: ValidationContext): Problem[] {
  const turn = findFacts(context.catalogue, AGENT_TURN);
  return [
    // Without that type, nobody knows which connections fit.
    ...(turn === undefined ? [] : checkConnection(node.connection, turn.connection, node.uses, path, context)),
    ...checkTools(node, path, context),
    ...checkServers(node, path, at, { ...context, connects: findFacts(context.catalogue, MCP_CALL)?.connection }),
    ...written(node.with?.concurrency, `${path}/with/concurrency`, 'How many calls run side by side'),
    ...checkAnswer(node.with?.output, `${path}/with/output`, context),
  ];
}

function checkTools(node: GraphNode, path: string, context: ValidationContext): Problem[] {
  const tools = node.with?.tools;
  const computed = checkWritten(node, `${path}/with`);
  if (computed.length > 0) return computed;
  // Anything else is reported with the parameters.
  const names = isMap(tools) ? Object.keys(tools) : [];
  const ids = Object.keys(node.nodes ?? {});
  const servers = Array.isArray(node.with?.mcp) ? node.with.mcp.length : 0;
  if (names.length + ids.length + servers === 0)
    return [problem('bad-agent', path, 'This agent has no tools.', 'For an answer without tools, use `ai.generate`.')];
  const most = Math.max(names.length, ids.length);
  if (most > MAX_AGENT_TOOLS)
    return [
      problem('bad-agent', `${path}/with/tools`, `An agent has at most ${MAX_AGENT_TOOLS} tools; here are ${most}.`),
    ];
  return [
    ...checkPairs(names, ids, path),
    ...Object.entries(node.nodes ?? {}).flatMap(([id, tool]) =>
      checkStanding(tool, `${path}/nodes/${escapeSegment(id)}`),
    ),
    ...[...toolsOf(node)].flatMap(([name, tool]) =>
      checkTool(name, tool, `${path}/with/tools/${escapeSegment(name)}`, context),
    ),
  ];
}

/**
 * Tools, approvals and servers become steps when the graph is published, so an expression cannot stand for one of them:
 * nobody would be asked, and no tool would be told of.
 */
function checkWritten({ with: given }: GraphNode, path: string): Problem[] {
  const unlessMap = (value: Json | undefined, at: string, what: string) =>
    isMap(value) || Array.isArray(value) ? [] : written(value, at, what);
  const entries = (value: Json | undefined) =>
    value !== null && typeof value === 'object' ? Object.entries(value) : [];
  return [
    ...unlessMap(given?.tools, `${path}/tools`, 'Which tools an agent has'),
    ...entries(given?.tools).flatMap(([name, tool]) => {
      const at = `${path}/tools/${escapeSegment(name)}`;
      return isMap(tool)
        ? unlessMap(tool.approval, `${at}/approval`, 'Who is asked before a tool is called')
        : unlessMap(tool, at, 'What the model is told about a tool');
    }),
    ...unlessMap(given?.mcp, `${path}/mcp`, 'Which MCP servers an agent has'),
    ...entries(given?.mcp).flatMap(([index, server]) =>
      unlessMap(server, `${path}/mcp/${index}`, 'Which MCP servers an agent has'),
    ),
  ];
}

/** Each tool has a node, and each node is a tool. */
function checkPairs(names: readonly string[], ids: readonly string[], path: string): Problem[] {
  const alone = names.filter((name) => !ids.includes(name));
  const untold = ids.filter((id) => !names.includes(id));
  return [
    ...alone.map((name) =>
      problem(
        'tool-mismatch',
        `${path}/with/tools/${escapeSegment(name)}`,
        `The tool \`${name}\` has no node.${didYouMean(name, untold)}`,
        `Add \`${name}\` to \`nodes\`: what is done when the model calls it.`,
      ),
    ),
    ...untold.map((id) =>
      problem(
        'tool-mismatch',
        `${path}/nodes/${escapeSegment(id)}`,
        `The model is not told of the node \`${id}\`.${didYouMean(id, alone)}`,
        `Add \`${id}\` to \`with.tools\`, with a \`description\` and the \`parameters\` that it takes.`,
      ),
    ),
  ];
}

const STANDING = {
  needs:
    'Tools are called by the model, in any order, so no links join them. Put steps that belong together into a `try`.',
  join: 'Tools are called by the model, in any order, so no links join them.',
  if: 'The model decides when a tool is called. Put the node and its condition into a `try`.',
  onError: 'A failure of a tool is told to the model, which decides what to do.',
} as const;

/** A tool starts when the model calls it, and for no other reason. */
function checkStanding(tool: GraphNode, path: string): Problem[] {
  return (Object.keys(STANDING) as (keyof typeof STANDING)[])
    .filter((field) => tool[field] !== undefined && (field !== 'needs' || tool.needs!.length > 0))
    .map((field) =>
      problem('field-not-allowed', `${path}/${field}`, `A tool of an agent has no \`${field}\`.`, STANDING[field]),
    );
}

function checkTool(
  name: string,
  { description, parameters }: JsonObject,
  path: string,
  context: ValidationContext,
): Problem[] {
  const problems = [
    ...written(description, `${path}/description`, 'What the model is told about a tool'),
    ...written(parameters, `${path}/parameters`, 'What the model is told about a tool'),
  ];
  if (!isId(name)) problems.push(problem('bad-id', path, `\`${name.slice(0, 80)}\` cannot be the name of a tool.`));
  if (typeof description === 'string' && description.trim() === '')
    problems.push(problem('bad-tool', `${path}/description`, `The model is told nothing about \`${name}\`.`));
  if (problems.length > 0 || parameters === undefined || parameters === null) return problems;
  return checkArguments(name, parameters, `${path}/parameters`, context);
}

/** The arguments of a tool are an object: each provider asks for that, and `item.args` is read by name. */
function checkArguments(name: string, schema: Json, path: string, context: ValidationContext): Problem[] {
  const problems = checkSchema(schema, path, context);
  if (problems.length > 0) return problems;
  const { type } = schema as JsonSchema;
  return type === 'object'
    ? []
    : [
        problem(
          'bad-tool',
          path,
          `The arguments of \`${name}\` must be an object; the schema says ${type === undefined ? 'nothing about that' : JSON.stringify(type)}.`,
          'Write `{ type: object, properties: { … } }`.',
        ),
      ];
}

function checkAnswer(schema: Json | undefined, path: string, context: ValidationContext): Problem[] {
  const problems = written(schema, path, 'The schema of the answer');
  if (problems.length > 0 || !isMap(schema)) return problems;
  const found = checkSchema(schema, path, context);
  if (found.length > 0 || schema.type === 'object') return found;
  return [
    problem(
      'bad-agent',
      path,
      'The answer of an agent is an object, which not every value of this schema is.',
      'Write `{ type: object, properties: { … } }`; a list can be one of its fields.',
    ),
  ];
}
