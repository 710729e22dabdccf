import { wantTriggers, withoutTriggers } from '../../../db/index.ts';
import type { Context } from '../../context.ts';
import { loadVersion } from '../../start/published.ts';
import { triggersOf } from '../wanted.ts';

/** Notes the triggers of workflows that were published by a version of Blok that kept none. */
export async function adoptTriggers(ctx: Context): Promise<void> {
  await ctx.tenant(async (tx) => {
    for (const { name, version } of await withoutTriggers(tx)) {
      const { graph } = await loadVersion(ctx, tx, { name, version });
      await wantTriggers(tx, { ...triggersOf(graph, version), keyring: ctx.keyring });
    }
  });
}
