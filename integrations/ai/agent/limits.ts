import { NodeError } from '../../error.ts';
import type { ModelUsage } from '../../spending.ts';
import type { Memory } from './memory.ts';

/** Fewest tokens with which an answer is worth asking for. */
const FEWEST_TOKENS = 16;
/** Characters of a token, cautiously: texts in English have four, other texts and data fewer. */
const CHARACTERS_PER_TOKEN = 3;

export const tokensOf = ({ input, cacheRead, cacheWrite, output }: ModelUsage): number =>
  input + cacheRead + cacheWrite + output;

/**
 * The most tokens that the next answer may have.
 *
 * @param fresh what the provider has not counted yet: at first everything, then what tools answered
 * @throws NodeError `agent.tokens` if the question alone would use up what is left
 */
export function roomForAnswer({ start, usage, counted }: Memory, fresh: string): number {
  const { maxTokens, maxOutputTokens } = start;
  if (maxTokens === undefined) return maxOutputTokens;
  const question = counted + Math.ceil(fresh.length / CHARACTERS_PER_TOKEN);
  const left = maxTokens - tokensOf(usage) - question;
  if (left >= FEWEST_TOKENS) return Math.min(maxOutputTokens, left);
  throw new NodeError(
    'agent.tokens',
    `The agent has used ${tokensOf(usage)} of ${maxTokens} tokens, and the next turn would begin with about ${question}.`,
  );
}

/** Why an agent that has no answer yet cannot go on, or null if it can. */
export function stopOf(
  { start, turns, usage, cost }: Memory,
  maxTurns: number,
): { code: string; message: string } | null {
  const { maxTokens, maxCost, model } = start;
  const stop = (code: string, message: string) => ({ code, message });
  if (turns >= maxTurns) return stop('agent.turns', `The agent has used its ${maxTurns} turns.`);
  if (maxTokens !== undefined && tokensOf(usage) >= maxTokens)
    return stop('agent.tokens', `The agent has used ${tokensOf(usage)} tokens; the most is ${maxTokens}.`);
  if (maxCost === undefined) return null;
  if (cost === null)
    return stop(
      'agent.cost',
      `Nobody knows what ${model} costs, so \`maxCost\` cannot be kept. Give the model a price, or leave \`maxCost\` out.`,
    );
  return Number(cost) >= maxCost
    ? stop('agent.cost', `The agent has cost ${cost} US dollars; the most is ${maxCost}.`)
    : null;
}
