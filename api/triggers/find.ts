import { getTrigger, type TriggerRow } from '../../db/index.ts';
import type { Context } from '../context.ts';
import { ApiProblem } from '../http/problem.ts';

/** Names a trigger. */
export interface TriggerName {
  readonly workflow: string;
  readonly id: string;
}

/** A trigger of a published workflow. @throws ApiProblem `trigger.notFound` */
export async function findTrigger(ctx: Context, name: TriggerName): Promise<TriggerRow> {
  const row = await ctx.tenant((tx) => getTrigger(tx, name));
  if (row) return row;
  throw noTrigger(name);
}

export const noTrigger = ({ workflow, id }: TriggerName): ApiProblem =>
  new ApiProblem(
    'trigger.notFound',
    `The published version of "${workflow}" has no trigger "${id}". GET /api/workflows/${workflow}/triggers lists them.`,
  );
