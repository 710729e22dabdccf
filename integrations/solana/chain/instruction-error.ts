import type { Json } from '../../../graph/json.ts';

/** Number of the instruction that failed, and its own code, by an error of the chain. */
export function instructionError(error: Json): [number, number | null] {
  const found = (error as { InstructionError?: readonly [number, { Custom?: number }] } | null)?.InstructionError;
  return found ? [found[0], found[1]?.Custom ?? null] : [-1, null];
}
