import { inlineValues } from '../../graph/expression/inline-values.ts';
import type { Json } from '../../graph/json.ts';
import { type Excess, excessOf, jsonExtent } from '../../graph/json-extent.ts';
import { textExceeds } from '../../graph/json-size.ts';
import { MOST_AT_ONCE, MOST_OF_JSON, OUTPUT_IN_HISTORY, UNITS_AT_ONCE, UNITS_OF_JSON } from '../../graph/limits.ts';
import { NodeError } from '../../integrations/error.ts';
import type { EffectResult } from '../../workflows/contract.ts';
import type { ActivityDeps } from '../base/deps.ts';
import { storeText } from './stored.ts';

/** Largest output that is allowed. */
const LARGEST = 64 * 1024 * 1024;

/** Deepest nesting of an output. Code that walks through a far deeper one runs out of stack. */
const DEEPEST = 1_000;
/** What is put together of outputs is a little deeper. */
const DEEPEST_WHOLE = DEEPEST + 100;

/** What an error says of the step. */
interface Effect {
  /** The step may have had an effect. */
  readonly unknown?: boolean;
}

/**
 * Refuses what takes too long to walk through, as has to be done with each output several times.
 *
 * @throws NodeError `output.tooDeep`, `output.tooLarge`
 */
export function requireHandy(value: unknown, { unknown = false }: Effect = {}): void {
  refuse(excessOf(value, { levels: DEEPEST, units: UNITS_OF_JSON }), { most: MOST_OF_JSON, unknown });
}

function refuse(excess: Excess | null, { most, unknown }: { most: string; unknown: boolean }): void {
  if (excess === 'levels')
    throw new NodeError('output.tooDeep', `The output is nested deeper than ${DEEPEST} levels. Fetch it as text.`, {
      unknown,
    });
  if (excess === 'units')
    throw new NodeError('output.tooLarge', `The output holds more values than ${most}. Fetch or return less.`, {
      unknown,
    });
}

/**
 * An output in the form in which it travels: by value, or stored, with the values that are read downstream beside the
 * reference.
 */
export async function outputOf(
  deps: ActivityDeps,
  request: { readonly workspace: string; readonly runId: string; readonly inline?: readonly string[] | undefined },
  value: unknown,
  { unknown = false }: Effect = {},
): Promise<Pick<EffectResult, 'output' | 'ref' | 'inline'>> {
  const text = JSON.stringify(value ?? null) ?? 'null';
  if (!textExceeds(text, OUTPUT_IN_HISTORY)) return { output: (value ?? null) as Json };
  if (text.length > LARGEST) {
    throw new NodeError(
      'output.tooLarge',
      `The output is ${text.length} characters of JSON; at most ${LARGEST} can be kept. Fetch or return less.`,
      { unknown },
    );
  }
  // By its text, like all that is loaded later.
  const { depth, units } = jsonExtent(text, UNITS_AT_ONCE);
  const excess = depth > DEEPEST_WHOLE ? 'levels' : units > UNITS_AT_ONCE ? 'units' : null;
  refuse(excess, { most: MOST_AT_ONCE, unknown });
  const ref = await storeText(deps, request.workspace, request.runId, text);
  const { inline = [] } = request;
  return { ref, inline: inline.length === 0 ? {} : inlineValues(JSON.parse(text), inline) };
}
