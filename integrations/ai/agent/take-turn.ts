import type { Json, JsonSchema } from '../../../graph/json.ts';
import type { NodeContext } from '../../context.ts';
import { NodeError } from '../../error.ts';
import type { Message, ModelRequest } from '../../models/port.ts';
import { type ModelUsage, NO_USAGE } from '../../spending.ts';
import type { PaidAnswer } from '../model/ask.ts';
import { MOST_REPAIRS } from '../model/object.ts';
import { requireWhole } from '../model/refusal.ts';
import { sumOf } from '../model/sum.ts';
import { finalAnswer } from './answer.ts';
import { type Call, type Known, knownTools, readCalls, withIds } from './calls.ts';
import { roomForAnswer, stopOf, tokensOf } from './limits.ts';
import { type Listed, loadMemory, type Memory, type Start, type Stored, storeMemory } from './memory.ts';
import { inputText, instructionsOf } from './prompt.ts';
import { type Results, resultMessages } from './results.ts';

/** A turn that is due. */
export interface Due extends Results {
  /** Given in the first turn. */
  readonly start?: Start | undefined;
  readonly conversation: Stored | null;
  readonly maxTurns: number;
  readonly tools: Readonly<Record<string, { description: string; parameters?: unknown }>>;
  readonly listed: readonly Listed[];
}

/** What came of a turn. */
export interface Turn {
  /** The agent has its answer. */
  done: boolean;
  answer: Answer | null;
  /** Why the agent must stop without an answer. */
  stop: { code: string; message: string } | null;
  /** Calls that start steps. */
  calls: Call[];
  /** Names that the model called and that started no step. */
  refused: string[];
  /** What the model said beside its calls. */
  text: string;
  conversation: Stored;
  turn: number;
  usage: ModelUsage;
  cost: string | null;
}

interface Answer {
  output: Json;
  text: string;
  turns: number;
  usage: ModelUsage;
  cost: string | null;
}

/** Asks a model once, within the limits that the agent was started with. */
export type Ask = (start: Start, request: ModelRequest) => Promise<PaidAnswer>;

/** One turn of an agent: tells the model what its tools answered, asks it once, and reads what it wants now. */
export async function takeTurn(ctx: NodeContext, due: Due, ask: Ask): Promise<Turn> {
  const before = await remembered(ctx, due);
  const known = knownTools(due.tools, before.listed);
  const answer = await ask(before.start, requestOf(before, known));
  const { usage, cost } = answer;
  const turn = before.turns + 1;
  const spent: Memory = { ...before, turns: turn, counted: tokensOf(usage), ...sumOf([before, { usage, cost }]) };
  requireWhole(ctx, answer);
  const next = continued(spent, answer, known);
  const isDone = next.output !== undefined;
  const conversation = await storeMemory(ctx, { ...next.memory, countedMessages: before.messages.length + 1 });
  return {
    done: isDone,
    answer: isDone ? answerOf(spent, next.output!, answer.text) : null,
    stop: isDone ? null : stopOf(spent, due.maxTurns),
    ...{ calls: next.calls, refused: next.refused, conversation, turn, usage, cost },
    text: answer.text.slice(0, LONGEST_REMARK),
  };
}

/** What the model says beside its calls is shown with the step; the conversation keeps all of it. */
const LONGEST_REMARK = 4_000;

/** The conversation so far, with what the tools of the last turn answered. */
async function remembered(ctx: NodeContext, due: Due): Promise<Memory> {
  if (due.conversation === null) return begun(due);
  const memory = await loadMemory(ctx, due.conversation);
  return { ...memory, messages: [...memory.messages, ...resultMessages(memory, due)], pending: [] };
}

function begun({ start, listed }: Due): Memory {
  if (start === undefined) throw new NodeError('input.invalid', 'A turn needs `start` or a conversation.');
  const text = inputText(start.input);
  return {
    start,
    listed,
    messages: [{ role: 'user', content: [{ kind: 'text', text }] }],
    ...{ pending: [], turns: 0, counted: 0, countedMessages: 0, usage: NO_USAGE, cost: '0', misfits: 0 },
  };
}

function requestOf(memory: Memory, known: ReadonlyMap<string, Known>): ModelRequest {
  const { start, messages } = memory;
  const instructions = instructionsOf(start.instructions);
  const tools = [...known.values()].map(({ mcp: _, ...tool }) => tool);
  const fresh = messages.slice(memory.countedMessages);
  return {
    model: start.model,
    instructions,
    messages,
    tools,
    ...(start.output && { output: { name: 'answer', schema: start.output as Json } }),
    maxOutputTokens: roomForAnswer(memory, JSON.stringify(memory.turns === 0 ? [instructions, fresh, tools] : fresh)),
    ...{ temperature: start.temperature, reasoning: start.reasoning, background: start.background },
  };
}

/** What follows from an answer. `output` is there if it is the last one. */
interface Next {
  readonly memory: Memory;
  readonly calls: Call[];
  readonly refused: string[];
  readonly output?: Json;
}

function continued(memory: Memory, answer: PaidAnswer, known: ReadonlyMap<string, Known>): Next {
  const toolCalls = withIds(answer.toolCalls, memory.turns);
  const { text, carried } = answer;
  const said: Message = { role: 'assistant', text, toolCalls, ...(carried === undefined ? {} : { carried }) };
  if (toolCalls.length === 0) return concluded(memory, answer, said);
  const { calls, refused } = readCalls(toolCalls, known, memory.turns);
  return {
    memory: {
      ...memory,
      messages: [...memory.messages, said, ...refused],
      pending: calls.map(({ id, name }) => ({ id, name })),
      misfits: 0,
    },
    calls,
    refused: refused.map(({ name }) => name),
  };
}

/** The model calls no tool: its answer is the last one, unless it does not fit, and the model may still correct it. */
function concluded(memory: Memory, answer: PaidAnswer, said: Message): Next {
  const final = finalAnswer(answer, memory.start.output as JsonSchema | undefined);
  const messages = [...memory.messages, said];
  if ('output' in final) return { memory: { ...memory, messages }, calls: [], refused: [], output: final.output };
  if (memory.misfits >= MOST_REPAIRS)
    throw new NodeError(
      'ai.invalid',
      `After ${MOST_REPAIRS} corrections, the answer still does not fit: ${final.wrong}.`,
    );
  const text = `Your answer does not fit: ${final.wrong}. Answer again, with JSON of the schema and nothing else.`;
  const told: Message = { role: 'user', content: [{ kind: 'text', text }] };
  return { memory: { ...memory, messages: [...messages, told], misfits: memory.misfits + 1 }, calls: [], refused: [] };
}

const answerOf = ({ turns, usage, cost }: Memory, output: Json, text: string): Answer => ({
  output,
  text,
  turns,
  usage,
  cost,
});
