import { type ModelUsage, NO_USAGE } from '../spending.ts';
import { countOf } from './read.ts';

/** Counts as a provider reports them; anything may be missing. */
export interface Reported {
  readonly input: unknown;
  readonly cacheRead?: unknown;
  readonly cacheWrite?: unknown;
  readonly output?: unknown;
  readonly reasoning?: unknown;
}

/**
 * The usage that a provider reports, or null if it does not: servers leave counts out, or send zeros. No call takes no input, and
 * no model writes without output.
 *
 * @param wrote whether the model wrote anything
 */
export function reportedUsage(reported: Reported, wrote: boolean): ModelUsage | null {
  const { input, cacheRead, cacheWrite, output, reasoning } = reported;
  const usage = {
    ...NO_USAGE,
    input: countOf(input),
    cacheRead: countOf(cacheRead),
    cacheWrite: countOf(cacheWrite),
    output: countOf(output),
    reasoning: countOf(reasoning),
  };
  const took = usage.input + usage.cacheRead + usage.cacheWrite;
  return took > 0 && (usage.output > 0 || !wrote) ? usage : null;
}

/** Input that was neither read from a cache nor written to it, where a provider counts all input together. */
export const uncached = (all: unknown, ...cached: readonly unknown[]): number =>
  cached.reduce<number>((left, each) => Math.max(0, left - countOf(each)), countOf(all));
