import type { EffectRequest } from '../../workflows/contract.ts';

/** What the activity of a node is called with; undefined for the activities that serve the interpreter. */
export function requestOf(input: unknown): EffectRequest | undefined {
  const request = input as Partial<EffectRequest> | null | undefined;
  const { step, type, runId } = request ?? {};
  return [step, type, runId].every((part) => typeof part === 'string') ? (request as EffectRequest) : undefined;
}
