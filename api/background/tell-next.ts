import type { Deps } from '../context.ts';

/** Tells runs that wait in line to ask for their place, because one is free. A message that is lost only delays them. */
export async function tellNext({ runs }: Pick<Deps, 'runs'>, workflowIds: readonly string[]): Promise<void> {
  await Promise.all(workflowIds.map((workflowId) => runs.askAgain(workflowId).catch(() => false)));
}
