import { noteTriggerError, resolveVariables, type TriggerRow } from '../../db/index.ts';
import type { JsonObject } from '../../graph/json.ts';
import { defaultInput, StartError } from '../../graph/start/index.ts';
import type { Context } from '../context.ts';
import { loadVersion } from '../start/published.ts';
import { type Started, startRun } from '../start/start-run.ts';

/** Something that reached a trigger. */
export interface Firing {
  readonly row: Pick<TriggerRow, 'workflow' | 'id' | 'uses' | 'version'>;
  /** One run per key. Absent: a run of its own. */
  readonly key?: string;
  /** What `trigger` holds besides `id, uses, at, key`. */
  readonly fields: JsonObject;
  /** Somebody waits for the end of the run. */
  readonly waits?: boolean;
}

/** What came of it. A run that was started is durable. */
export type Fired =
  | { readonly outcome: 'started' | 'duplicate'; readonly started: Started }
  | { readonly outcome: 'declined' }
  | { readonly outcome: 'refused'; readonly error: StartError };

/**
 * Starts the run of a trigger that has fired, of the version that declares the trigger now, and counts what came of it.
 *
 * @throws ApiProblem `run.tooMany`; RunsError if Temporal is away. Nothing was started, and the sender should try again
 */
export async function fire(ctx: Context, { row, key, fields, waits = false }: Firing): Promise<Fired> {
  const { workflow, id, uses, version } = row;
  ctx.tally.count(row, 'seen');
  try {
    const started = await startRun(ctx, {
      workflow,
      trigger: id,
      input: defaultInput(uses, fields),
      fields,
      waits,
      ...(key === undefined ? {} : { idempotencyKey: key }),
      load: () =>
        ctx.tenant(async (tx) => {
          const { graph, plan } = await loadVersion(ctx, tx, { name: workflow, version });
          return { graph, plan, version, vars: await resolveVariables(tx, { workflow, defaults: graph.vars ?? {} }) };
        }),
    });
    const outcome = started.isNew ? 'started' : 'duplicate';
    ctx.tally.count(row, outcome);
    return { outcome, started };
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    if (error.code === 'trigger.declined') {
      ctx.tally.count(row, 'declined');
      return { outcome: 'declined' };
    }
    ctx.tally.count(row, 'refused');
    await ctx.tenant((tx) => noteTriggerError(tx, { workflow, trigger: id, error: error.message }));
    return { outcome: 'refused', error };
  }
}
