import { resolveVariables, type TriggerRow } from '../../../db/index.ts';
import { triggerParameters } from '../../../graph/start/index.ts';
import type { Context } from '../../context.ts';
import { loadVersion } from '../../start/published.ts';
import type { DeclaredTrigger } from './types.ts';

/**
 * A trigger as the version declares it that counts now.
 *
 * @throws StartError `trigger.expression`
 */
export async function declaredTrigger(
  ctx: Context,
  { workflow, id, version }: Pick<TriggerRow, 'workflow' | 'id' | 'version'>,
): Promise<DeclaredTrigger> {
  const { graph, vars } = await ctx.tenant(async (tx) => {
    const found = await loadVersion(ctx, tx, { name: workflow, version });
    return {
      graph: found.graph,
      vars: await resolveVariables(tx, { workflow, defaults: found.graph.vars ?? {} }),
    };
  });
  return { with: triggerParameters(graph, id, vars), connection: graph.triggers?.[id]?.connection };
}
