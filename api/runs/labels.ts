import { addLabels, labelsOf, removeLabels } from '../../db/index.ts';
import type { Context } from '../context.ts';
import { summaryOf } from './load.ts';

/** Gives a run labels, in place of those that it has. @throws ApiProblem `run.notFound` */
export async function setLabels(
  ctx: Context,
  { id, labels }: { id: string; labels: readonly string[] },
): Promise<{ labels: string[] }> {
  const { id: runId } = await summaryOf(ctx, id);
  return ctx.tenant(async (tx) => {
    const others = (await labelsOf(tx, { runId })).filter((label) => !labels.includes(label));
    await removeLabels(tx, { runId, labels: others });
    await addLabels(tx, { runId, labels });
    return { labels: await labelsOf(tx, { runId }) };
  });
}
