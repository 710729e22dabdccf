import type { Json, JsonObject } from '../../../graph/json.ts';
import type { Message } from '../../models/port.ts';
import { markData } from '../model/data.ts';
import type { Memory } from './memory.ts';
import { readable } from './prompt.ts';

type ToolMessage = Extract<Message, { role: 'tool' }>;

/** Longest answer of a tool that the model is told, in characters: more would crowd out the rest of the conversation. */
const LONGEST_RESULT = 100_000;
const LONGEST_FAILURE = 2_000;

/** What the tools of a turn answered, as the loop over its calls gives it. */
export interface Results {
  readonly results: readonly Json[];
  readonly errors: readonly Json[];
}

/** What the model is told about the calls of its last turn, in their order. What tools say is marked as data. */
export function resultMessages({ pending }: Pick<Memory, 'pending'>, { results, errors }: Results): ToolMessage[] {
  const failures = new Map(errors.map((entry) => [Number(field(entry, 'index')), field(entry, 'error')]));
  return pending.map(({ id, name }, index) => {
    const failure = failures.get(index);
    const said = failure === undefined ? answered(results[index] ?? null) : failed(failure);
    return { role: 'tool', callId: id, name, ...said };
  });
}

type Said = Pick<ToolMessage, 'output' | 'failed'>;

function answered(result: Json): Said {
  const [decision] = Object.values((field(result, 'approvals') ?? {}) as JsonObject);
  if (field(decision ?? null, 'decision') === 'rejected') {
    const comment = field(decision ?? null, 'comment');
    const why = typeof comment === 'string' && comment !== '' ? ` They say: ${comment}` : '';
    return { output: `This call was not made: somebody was asked and decided against it.${why}`, failed: true };
  }
  const [output = null] = Object.values((field(result, 'outputs') ?? {}) as JsonObject);
  return { output: asData('answer', cut(readable(output), LONGEST_RESULT)), failed: false };
}

function failed(error: Json): Said {
  const [code, message] = [field(error, 'code'), field(error, 'message')];
  return { output: asData('failure', cut(`${code}: ${message}`, LONGEST_FAILURE)), failed: true };
}

const asData = (name: string, text: string): string => markData({ name, text });

const cut = (text: string, limit: number): string =>
  text.length <= limit ? text : `${text.slice(0, limit)}… (${text.length - limit} more characters were left out)`;

const field = (value: Json, name: string): Json =>
  value !== null && typeof value === 'object' && !Array.isArray(value) && Object.hasOwn(value, name)
    ? value[name]!
    : null;
