import { endCapture } from '../../db/index.ts';
import type { Context } from '../context.ts';
import type { TriggerName } from '../triggers/find.ts';
import { noCapture } from './get.ts';

/** Ends a capture, and removes what it holds. @throws ApiProblem `capture.notFound` */
export async function end(ctx: Context, name: TriggerName): Promise<{ deleted: true }> {
  if (await ctx.tenant((tx) => endCapture(tx, { workflow: name.workflow, trigger: name.id }))) return { deleted: true };
  throw noCapture(name);
}
