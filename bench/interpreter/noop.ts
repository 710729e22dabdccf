import type { EffectMeta } from '../../workflows/contract.ts';

/** Input of the activity by hand; the interpreter sends the same in `with`, together with what it always sends. */
export interface NoopInput {
  readonly n?: number;
  readonly with?: unknown;
}

export interface NoopResult {
  readonly output: { readonly n: number };
  readonly meta: EffectMeta;
}

/** The one activity of both sides: returns its input. */
export async function noop({ n, with: given }: NoopInput): Promise<NoopResult> {
  const at = new Date().toISOString();
  return { output: { n: n ?? (given as { n: number }).n }, meta: { attempt: 1, startedAt: at, endedAt: at } };
}
