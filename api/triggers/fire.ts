import {
  type HeldAnswer,
  noteTriggerError,
  type PublishedVersion,
  resolveVariables,
  type TriggerRow,
} from '../../db/index.ts';
import type { Json, JsonObject } from '../../graph/json.ts';
import { defaultInput, StartError, tooDeep } from '../../graph/start/index.ts';
import type { Context } from '../context.ts';
import { loadVersion } from '../start/published.ts';
import type { Started } from '../start/request.ts';
import { startRun } from '../start/start-run.ts';
import { hold } from './hold.ts';

/** Something that reached a trigger. */
export interface Firing {
  readonly row: Pick<TriggerRow, 'workflow' | 'id' | 'uses' | 'version'>;
  /** One run per key. Absent: a run of its own. */
  readonly key?: string;
  /** What `trigger` holds besides `id, uses, at, key`. */
  readonly fields: JsonObject;
  /** Input of a run whose trigger has no `input` of its own, if the fields do not say it. */
  readonly input?: Json;
  /** What makes two firings under one key the same. Absent: the key alone does. */
  readonly body?: JsonObject;
  /** How many runs are above this one, if a run has caused it. */
  readonly depth?: number;
  /** Somebody waits for the end of the run. */
  readonly waits?: boolean;
  /** What to run, if it was read for this firing already. */
  readonly loaded?: Loaded;
}

/** A version of a workflow, with the values that its variables have now. */
export type Loaded = Pick<PublishedVersion, 'graph' | 'plan' | 'publishedAt'> & { readonly vars: JsonObject };

/** What came of it. A run that was started is durable, and so is what is held. */
export type Fired =
  | { readonly outcome: 'started' | 'duplicate'; readonly started: Started }
  | { readonly outcome: 'held'; readonly held: HeldAnswer }
  | { readonly outcome: 'declined' }
  | { readonly outcome: 'refused'; readonly error: StartError };

/**
 * Starts the run of a trigger that has fired, of the version that declares the trigger now, or holds the firing if that version
 * says so. Counts what came of it.
 *
 * @throws ApiProblem `run.tooMany`; RunsError if Temporal is away. Nothing was started, and the sender should try again
 */
export async function fire(ctx: Context, firing: Firing): Promise<Fired> {
  const fired = await tried(ctx, firing);
  // Only now, because a firing that could not be tried comes again.
  ctx.tally.count(firing.row, 'seen');
  ctx.tally.count(firing.row, fired.outcome === 'held' && !fired.held.isNew ? 'duplicate' : fired.outcome);
  if (fired.outcome === 'refused') {
    const { workflow, id } = firing.row;
    await ctx.tenant((tx) => noteTriggerError(tx, { workflow, trigger: id, error: fired.error.message }));
  }
  return fired;
}

async function tried(ctx: Context, firing: Firing): Promise<Fired> {
  const { row, key, fields, input, body, depth, waits = false } = firing;
  const { workflow, id, uses, version } = row;
  try {
    if (depth !== undefined && depth > ctx.maxDepth)
      throw new StartError('run.tooDeep', tooDeep(workflow, { depth, max: ctx.maxDepth }));
    const given = input ?? defaultInput(uses, fields);
    const started = await startRun(ctx, {
      workflow,
      trigger: id,
      input: given,
      fields,
      waits,
      hold: (loaded, trigger) => hold(ctx, { row, key, depth }, loaded, { trigger, input: given }),
      ...(body === undefined ? {} : { body }),
      ...(depth === undefined ? {} : { depth }),
      ...(key === undefined ? {} : { idempotencyKey: key }),
      load: async () => ({ version, ...(firing.loaded ?? (await load(ctx, row))) }),
    });
    if ('group' in started) return { outcome: 'held', held: started };
    return { outcome: started.isNew ? 'started' : 'duplicate', started };
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    return error.code === 'trigger.declined' ? { outcome: 'declined' } : { outcome: 'refused', error };
  }
}

const load = (ctx: Context, { workflow, version }: Firing['row']): Promise<Loaded> =>
  ctx.tenant(async (tx) => {
    const { graph, plan, publishedAt } = await loadVersion(ctx, tx, { name: workflow, version });
    return { graph, plan, publishedAt, vars: await resolveVariables(tx, { workflow, defaults: graph.vars ?? {} }) };
  });
