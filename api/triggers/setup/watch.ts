import type { TriggerRow } from '../../../db/index.ts';
import type { Context } from '../../context.ts';
import { requireConnection } from './require-connection.ts';
import type { TriggerSetup } from './types.ts';

/**
 * A trigger that is polled: a workflow of its own looks for what is new. It asks for the version and the switches each time
 * it looks, so a change only needs a hint. While the trigger is off, the workflow keeps its place.
 */
export const watchSetup: TriggerSetup = {
  up: async (ctx, row, { connection }) => {
    await requireConnection(ctx, connection, 'Nothing is looked for until it is there.');
    await ctx.runs.watch(ctx.signer.signTrigger(triggerOf(ctx, row)));
    return { registration: { uses: row.uses } };
  },
  down: async (ctx, row) => {
    const trigger = triggerOf(ctx, row);
    await (row.gone ? ctx.runs.unwatch(trigger) : ctx.runs.hint(trigger));
  },
};

const triggerOf = ({ workspace }: Context, { workflow, id }: TriggerRow) => ({ workspace, workflow, trigger: id });
