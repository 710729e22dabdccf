import type { Json, JsonObject } from '../../../graph/json.ts';
import { NO_ARGUMENTS, serverToolName } from '../../../graph/node-types/agent-type.ts';
import { withoutFiller } from '../../models/filler.ts';
import type { Message, Tool, ToolCall } from '../../models/port.ts';
import { misfits } from '../model/misfits.ts';
import { readJson } from '../model/read-json.ts';
import type { Listed } from './memory.ts';

/** A tool that the model is told of, and where it is if it belongs to an MCP server. */
export interface Known extends Tool {
  readonly mcp?: { readonly server: string; readonly url: string; readonly tool: string; readonly sha256: string };
}

/** A call that starts a step of the run. */
export type Call = { id: string; name: string; args: Json; turn: number; mcp?: Known['mcp'] };

/** What the model asked for: calls that start steps, and what it is told of the others. */
export interface Asked {
  readonly calls: Call[];
  readonly refused: Extract<Message, { role: 'tool' }>[];
}

/** Most calls of one turn. */
const MOST_CALLS = 64;
/** Longest arguments of all calls of one turn together, as JSON: they pass through the history of the run. */
const LONGEST_ARGUMENTS = 20_000;

/** The tools of an agent by the names that the model knows: its own, and those of its servers that the author listed. */
export function knownTools(
  own: Readonly<Record<string, { description: string; parameters?: unknown }>>,
  listed: readonly Listed[],
): ReadonlyMap<string, Known> {
  const known = new Map<string, Known>();
  for (const { server, url, tools } of listed) {
    for (const { name: tool, description, parameters, sha256 } of tools) {
      const name = serverToolName(server, tool);
      known.set(name, { name, description, parameters: parameters as Json, mcp: { server, url, tool, sha256 } });
    }
  }
  for (const [name, { description, parameters = NO_ARGUMENTS }] of Object.entries(own))
    known.set(name, { name, description, parameters: parameters as Json });
  return known;
}

/**
 * Sorts what the model asked for. Nobody has checked it yet: only a call of a known tool with arguments that fit starts a
 * step. The others are answered here, and the model may try again.
 */
export function readCalls(asked: readonly ToolCall[], known: ReadonlyMap<string, Known>, turn: number): Asked {
  const found: Asked = { calls: [], refused: [] };
  let room = LONGEST_ARGUMENTS;
  for (const [index, { name, arguments: written, ...call }] of withIds(asked, turn).entries()) {
    const read = index < MOST_CALLS ? argumentsOf(known.get(name), name, written, known) : tooMany();
    const length = 'args' in read ? JSON.stringify(read.args).length : 0;
    const why = 'why' in read ? read.why : length > room ? tooLong(length) : null;
    if (why !== null || !('args' in read)) {
      found.refused.push({ role: 'tool', callId: call.id, name, output: why ?? '', failed: true });
      continue;
    }
    room -= length;
    const mcp = known.get(name)?.mcp;
    found.calls.push({ id: call.id, name, args: read.args, turn, ...(mcp && { mcp }) });
  }
  return found;
}

/** Calls with ids that are different from each other: results are told by id, and some servers give none. */
export function withIds(asked: readonly ToolCall[], turn: number): ToolCall[] {
  const seen = new Set<string>();
  return asked.map((call, index) => {
    const id = call.id === '' || seen.has(call.id) ? `call_${turn}_${index + 1}` : call.id;
    seen.add(id);
    return { ...call, id };
  });
}

type Read = { readonly args: Json } | { readonly why: string };

function argumentsOf(tool: Known | undefined, name: string, written: string, known: ReadonlyMap<string, Known>): Read {
  if (tool === undefined)
    return {
      why: `There is no tool ${JSON.stringify(name.slice(0, 100))}. The tools are: ${[...known.keys()].join(', ')}.`,
    };
  const read = written.trim() === '' ? { value: {} } : readJson(written);
  if ('problem' in read)
    return { why: `The arguments cannot be used: ${read.problem}. Call the tool again with a JSON object.` };
  const args = withoutFiller(read.value, tool.parameters as JsonObject);
  if (args === null || typeof args !== 'object' || Array.isArray(args))
    return { why: 'The arguments are not a JSON object. Call the tool again with one.' };
  const wrong = misfit(tool, args);
  return wrong === null ? { args } : { why: `The arguments do not fit: ${wrong} Call the tool again.` };
}

/** Codes of what is wrong with the schema, and not with the arguments. */
const UNUSABLE: ReadonlySet<string> = new Set(['bad-schema', 'schema-too-costly']);

/** What is wrong with arguments. A server's own schema may be unusable here; then the server checks them itself. */
function misfit({ parameters, mcp }: Known, args: JsonObject): string | null {
  const [problem] = misfits(parameters as JsonObject, args);
  if (problem === undefined || (mcp && UNUSABLE.has(problem.code))) return null;
  return `${problem.path === '' ? 'the object' : problem.path} ${problem.message}.`;
}

const tooMany = (): Read => ({ why: `This was not called: at most ${MOST_CALLS} tools can be called in one turn.` });

const tooLong = (length: number): string =>
  `This was not called: its arguments have ${length} characters, and all calls of a turn together may have ${LONGEST_ARGUMENTS}. ` +
  'Call fewer tools at a time, or give shorter arguments.';
