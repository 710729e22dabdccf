import type { JsonSchema } from '../../../graph/json.ts';
import type { NodeContext } from '../../context.ts';
import { stepMemory } from '../model/memory.ts';
import { askObject, type FoundObject } from '../model/object.ts';
import { openModel } from '../model/open.ts';
import { requestOf } from './prompt.ts';
import type { Prompt } from './prompt-fields.ts';

/** Asks for a value of the author's schema: the work of `ai.object`. */
export async function readObject(
  ctx: NodeContext,
  { prompt, ...question }: { readonly prompt: Prompt; readonly name: string; readonly schema: JsonSchema },
): Promise<FoundObject> {
  const provider = await openModel(ctx);
  const request = await requestOf(ctx, prompt);
  return askObject(ctx, provider, { ...question, request, memoryOf: stepMemory(ctx) });
}
