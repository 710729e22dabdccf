import { isId, RESERVED_IDS } from '../../document/names.ts';
import type { GraphNode } from '../../document/types.ts';
import type { Json } from '../../json.ts';
import { type AgentServer, MAX_TOOL_NAME, serversOf, serverToolName, toolsOf } from '../../node-types/agent-type.ts';
import type { ValidationContext } from '../../node-types/context.ts';
import { problem } from '../../problems/codes.ts';
import type { Problem } from '../../problems/problem.ts';
import { around, type BodyAt } from '../../structure/bodies.ts';
import { checkConnection } from './check-connection.ts';
import { written } from './written.ts';

/** What MCP servers are checked against. */
interface Servers extends ValidationContext {
  /** What connections their nodes take. */
  readonly connects: Parameters<typeof checkConnection>[1];
}

/** Checks the MCP servers of an agent: their names and addresses, and the tools that the model may use of them. */
export function checkServers(node: GraphNode, path: string, at: BodyAt, context: Servers): Problem[] {
  const taken = new Map([...toolsOf(node).keys()].map((name) => [name, `the tool \`${name}\``]));
  const visible = [at.body, ...around(at), { nodes: node.nodes ?? {} }];
  const names = new Set<string>();
  return serversOf(node).flatMap((server) => {
    const place = `${path}/with/mcp/${server.index}`;
    const given = (node.with!.mcp as { [key: string]: Json }[])[server.index]!;
    const problems = [
      ...checkName(server, given.name, place, visible, names),
      ...checkAddress(server.url, `${place}/url`),
      ...checkListed(server, given.tools, place, taken),
    ];
    names.add(server.name);
    if (given.connection === undefined || typeof given.connection !== 'string' || context.connects === undefined)
      return problems;
    return [...problems, ...checkConnection(given.connection, context.connects, 'an MCP server', place, context)];
  });
}

/** The name of a server is the id of the step that calls it. */
function checkName(
  { name }: AgentServer,
  given: Json | undefined,
  place: string,
  visible: readonly Pick<BodyAt['body'], 'nodes'>[],
  names: ReadonlySet<string>,
): Problem[] {
  const path = given === undefined ? place : `${place}/name`;
  if (typeof given === 'string' && given !== '' && !isId(given))
    return [problem('bad-id', path, `\`${given.slice(0, 80)}\` cannot be the name of a server.`)];
  if (RESERVED_IDS.has(name))
    return [problem('reserved-id', path, `\`${name}\` cannot be an id: it means something in the language.`)];
  if (names.has(name)) return [problem('duplicate-id', path, `Two servers of this agent are called \`${name}\`.`)];
  return visible.some(({ nodes }) => Object.hasOwn(nodes, name))
    ? [
        problem(
          'duplicate-id',
          path,
          `\`${name}\` is also the id of a node around or in this agent.`,
          'Name the server otherwise.',
        ),
      ]
    : [];
}

function checkAddress(url: Json, path: string): Problem[] {
  if (typeof url !== 'string' || url === '' || url.includes('${{')) return [];
  return /^https?:\/\/[^\s/]+/i.test(url)
    ? []
    : [
        problem(
          'bad-parameter',
          path,
          `\`${url.slice(0, 80)}\` is not the address of an MCP server.`,
          'Only servers that are reached over HTTP can be used: write `https://…`.',
        ),
      ];
}

function checkListed(
  { name, tools }: AgentServer,
  given: Json | undefined,
  place: string,
  taken: Map<string, string>,
): Problem[] {
  const dynamic = written(given, `${place}/tools`, 'Which tools the model may use');
  if (dynamic.length > 0) return dynamic;
  return tools.flatMap((tool, index) => {
    const path = `${place}/tools/${index}`;
    const shown = serverToolName(name, tool.name);
    if (shown.length > MAX_TOOL_NAME)
      return [
        problem(
          'bad-tool',
          path,
          `The model would see this tool as \`${shown}\`; providers take at most ${MAX_TOOL_NAME} characters.`,
          'Give the server a shorter name.',
        ),
      ];
    const other = taken.get(shown);
    taken.set(shown, `\`${tool.name}\` of \`${name}\``);
    return other === undefined
      ? []
      : [
          problem(
            'bad-tool',
            path,
            `The model would see this tool and ${other} under the same name, \`${shown}\`.`,
            'Give the server another name.',
          ),
        ];
  });
}
