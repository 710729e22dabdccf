import { switchTrigger, switchWorkflow } from '../../db/index.ts';
import type { Context } from '../context.ts';
import { noWorkflow } from '../start/published.ts';
import { noTrigger, type TriggerName } from './find.ts';
import { type Asked, getTriggerView, listTriggers } from './list.ts';
import { setUpDueTriggers } from './setup/round.ts';

/** Switches a trigger off or on. @throws ApiProblem `trigger.notFound` */
export async function switchOne(ctx: Context, input: Asked & TriggerName & { active: boolean; note?: string }) {
  const { active: enabled, principal, ...rest } = input;
  if (!(await ctx.tenant((tx) => switchTrigger(tx, { ...rest, enabled })))) throw noTrigger(input);
  await setUpTriggers(ctx);
  return getTriggerView(ctx, { principal, workflow: rest.workflow, id: rest.id });
}

/** Switches a workflow off or on, with all its triggers. @throws ApiProblem `workflow.notFound` */
export async function switchAll(
  ctx: Context,
  { workflow, active, principal }: Asked & { workflow: string; active: boolean },
) {
  if (!(await ctx.tenant((tx) => switchWorkflow(tx, { workflow, active })))) throw noWorkflow(workflow);
  await setUpTriggers(ctx);
  return { name: workflow, active, triggers: (await listTriggers(ctx, { workflow, principal })).items };
}

/** Sets up what is due now, so that the answer shows what came of it. If that fails, the background task tries again. */
export async function setUpTriggers(ctx: Context): Promise<void> {
  await setUpDueTriggers(ctx).catch((error: unknown) => ctx.log.warn({ err: error }, 'triggers were not set up'));
  ctx.triggerAlarm.ring();
}
