import { inlineValues } from '../../graph/expression/inline-values.ts';
import type { Json } from '../../graph/json.ts';
import { OUTPUT_IN_HISTORY } from '../../graph/limits.ts';
import { NodeError } from '../../integrations/error.ts';
import type { EffectResult } from '../../workflows/contract.ts';
import type { ActivityDeps } from '../base/deps.ts';
import { storeJson } from './stored.ts';

/** Largest output that is allowed. */
const LARGEST = 64 * 1024 * 1024;

/** Deepest nesting of an output. Code that walks through a far deeper one runs out of stack. */
const DEEPEST = 1_000;

/** @throws NodeError `output.tooDeep` */
export function requireShallow(value: unknown): void {
  if (isDeeper(value, DEEPEST)) {
    throw new NodeError('output.tooDeep', `The output is nested deeper than ${DEEPEST} levels. Fetch it as text.`);
  }
}

function isDeeper(value: unknown, levels: number): boolean {
  if (value === null || typeof value !== 'object' || ArrayBuffer.isView(value)) return false;
  if (levels === 0) return true;
  return Object.values(value).some((entry) => isDeeper(entry, levels - 1));
}

/**
 * An output in the form in which it travels: by value, or stored, with the values that are read downstream beside the
 * reference.
 */
export async function outputOf(
  deps: ActivityDeps,
  request: { readonly workspace: string; readonly runId: string; readonly inline?: readonly string[] | undefined },
  value: unknown,
): Promise<Pick<EffectResult, 'output' | 'ref' | 'inline'>> {
  const text = JSON.stringify(value ?? null) ?? 'null';
  if (text.length <= OUTPUT_IN_HISTORY && new TextEncoder().encode(text).byteLength <= OUTPUT_IN_HISTORY)
    return { output: (value ?? null) as Json };
  if (text.length > LARGEST) {
    throw new NodeError(
      'output.tooLarge',
      `The output is ${text.length} characters of JSON; at most ${LARGEST} can be kept. Fetch or return less.`,
    );
  }
  const ref = await storeJson(deps, request.workspace, request.runId, value);
  return { ref, inline: inlineValues(JSON.parse(text), request.inline ?? []) };
}
