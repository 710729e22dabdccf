import { isMap, type Json, type JsonObject } from '../json.ts';
import { AGENT_TURN, NO_ARGUMENTS, serverToolName } from '../node-types/agent-type.ts';
import { own } from '../pointer.ts';
import type { EffectCall } from '../run-state/index.ts';
import { checkAgainst, TooCostly } from '../schemas/check/index.ts';
import { PinError } from './pin-error.ts';

const NO_USAGE = { input: 0, cacheRead: 0, cacheWrite: 0, output: 0, reasoning: 0 };

/**
 * What an effect answers for its pin. The pin of an agent's turn says what the model answers: `{ calls: [{ name, args }] }`
 * if it calls tools, else `{ text }` or `{ output }`. As in a real run, a call of a tool that the agent does not have, or
 * with wrong arguments, starts no step. What a real turn answered can be pinned as it is.
 *
 * @throws PinError
 */
export function outputOfPin({ uses, path, with: given }: EffectCall, pin: Json): Json {
  if (uses !== AGENT_TURN || (isMap(pin) && typeof pin.done === 'boolean')) return pin;
  if (!isMap(pin) || !['calls', 'text', 'output'].some((field) => Object.hasOwn(pin, field)))
    throw new PinError(
      `The pin of ${path} must say what the model answers: { calls: [{ name, args }] }, { text } or { output }.`,
    );
  const turn = Number(/\[(\d+)\]\.[^.[\]]+$/.exec(path)?.[1] ?? 0) + 1;
  const parameters = (given?.value ?? {}) as JsonObject;
  const asked = callsOf(pin, path);
  const calls = asked.flatMap((call, index) => callIn(parameters, call, { id: `call_${turn}_${index + 1}`, turn }));
  const done = asked.length === 0;
  const text = typeof pin.text === 'string' ? pin.text : typeof pin.output === 'string' ? pin.output : '';
  const answer = { output: pin.output ?? text, text, turns: turn, usage: NO_USAGE, cost: null };
  const { maxTurns } = (parameters.next ?? {}) as JsonObject;
  const isLast = !done && typeof maxTurns === 'number' && turn >= maxTurns;
  return {
    done,
    answer: done ? answer : null,
    stop: isLast ? { code: 'agent.turns', message: `The agent has used its ${maxTurns} turns.` } : null,
    calls,
    text,
    turn,
    conversation: null,
    usage: NO_USAGE,
    cost: null,
  };
}

interface Pinned {
  readonly name: string;
  readonly args: Json;
}

function callsOf(pin: JsonObject, path: string): Pinned[] {
  const { calls = [] } = pin;
  const isCall = (call: Json): call is JsonObject => isMap(call) && typeof call.name === 'string';
  if (!Array.isArray(calls) || !calls.every(isCall))
    throw new PinError(
      `The pin of ${path}: \`calls\` is a list of calls, each with the \`name\` of a tool and its \`args\`.`,
    );
  return calls.map(({ name, args = {} }) => ({ name: name as string, args }));
}

/** The call as the turn gives it to its tool, or nothing if there is no such tool, or it does not take these arguments. */
function callIn(parameters: JsonObject, { name, args }: Pinned, about: { id: string; turn: number }): Json[] {
  const tool = own((parameters.tools ?? {}) as JsonObject, name) as JsonObject | undefined;
  if (tool !== undefined) {
    const { parameters: schema = NO_ARGUMENTS } = tool;
    return fits(schema as JsonObject, args) ? [{ ...about, name, args }] : [];
  }
  const servers = (parameters.servers ?? []) as { name: string; tools: string[] }[];
  return servers.flatMap((server) => {
    const remote = server.tools.find((each) => serverToolName(server.name, each) === name);
    const mcp = { server: server.name, url: '', tool: remote ?? '', sha256: null };
    return remote === undefined ? [] : [{ ...about, name, args, mcp }];
  });
}

function fits(schema: JsonObject, args: Json): boolean {
  try {
    return checkAgainst(schema, args).length === 0;
  } catch (error) {
    if (error instanceof TooCostly) return false;
    throw error;
  }
}
