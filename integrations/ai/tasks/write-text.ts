import type { NodeContext } from '../../context.ts';
import type { CallCost } from '../../spending.ts';
import { askModel } from '../model/ask.ts';
import { stepMemory } from '../model/memory.ts';
import { openModel } from '../model/open.ts';
import { requireAnswer } from '../model/refusal.ts';
import { requestOf } from './prompt.ts';
import type { Prompt } from './prompt-fields.ts';

/** A text that a model wrote. */
export interface WrittenText extends CallCost {
  readonly text: string;
  readonly cut: boolean;
  readonly id: string | null;
  readonly model: string;
}

/** Asks for a text: the work of `ai.generate`. */
export async function writeText(ctx: NodeContext, prompt: Prompt): Promise<WrittenText> {
  const provider = await openModel(ctx);
  const request = await requestOf(ctx, prompt);
  const answer = await askModel(ctx, provider, request, stepMemory(ctx)('answer'));
  requireAnswer(ctx, answer);
  const { text, stop, id, model, usage, cost } = answer;
  return { text, cut: stop === 'length', id, model, usage, cost };
}
