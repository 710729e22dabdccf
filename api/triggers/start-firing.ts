import { type FiringRow, getEvent, getRunValues, postponeFiring, settleFiring, type Tenant } from '../../db/index.ts';
import type { Json, JsonObject } from '../../graph/json.ts';
import type { Context } from '../context.ts';
import { ApiProblem } from '../http/problem.ts';
import { type Fired, fire } from './fire.ts';

/** Pause before the next attempt: doubled each time, up to the last one. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

/** What came of a stored firing. `waiting`: its run cannot be started now, and will be. */
export interface Settled {
  readonly workflow: string;
  readonly trigger: string;
  readonly outcome: 'started' | 'held' | 'declined' | 'refused' | 'waiting';
  readonly run?: string;
  readonly reason?: string;
}

/**
 * Starts the run of a stored firing, and notes what came of it. However many processes try this, and whatever is killed,
 * one run is started, because its id follows from the firing.
 */
export async function startFiring(ctx: Context, row: FiringRow): Promise<Settled> {
  try {
    const settled = await settle(ctx, row);
    await ctx.tenant((tx) => settleFiring(tx, { row, ...settled }));
    return settledOf({ ...row, runId: null, reason: null, ...settled });
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unknown';
    ctx.log.warn({ err: error, workflow: row.workflow, trigger: row.trigger }, 'a run is not started yet; tried again');
    await ctx.tenant((tx) => postponeFiring(tx, { row, ms: pauseAfter(row.attempts), reason }));
    return settledOf({ ...row, reason });
  }
}

/** How long to wait before the next attempt. */
export const pauseAfter = (attempts: number): number => Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempts);

/** What is known of a firing. */
export const settledOf = ({ workflow, trigger, outcome, runId, reason }: FiringRow): Settled => ({
  workflow,
  trigger,
  outcome: outcome ?? 'waiting',
  ...(runId === null ? {} : { run: runId }),
  ...(reason === null ? {} : { reason }),
});

type Outcome = Pick<Parameters<typeof settleFiring>[1], 'outcome' | 'runId' | 'reason'>;

async function settle(ctx: Context, row: FiringRow): Promise<Outcome> {
  const facts = await ctx.tenant((tx) => FACTS[row.uses]!(tx, row.key));
  if (facts === null) return { outcome: 'refused', reason: 'What fired it is not kept any more.' };
  const { workflow, trigger: id, uses, version, key, depth } = row;
  const fired = await fire(ctx, {
    row: { workflow, id, uses, version },
    key,
    ...facts,
    ...(depth === null ? {} : { depth }),
  }).catch((error: unknown) => {
    if (error instanceof ApiProblem && error.code === 'workflow.notFound') return null;
    throw error;
  });
  return fired === null ? { outcome: 'refused', reason: `"${workflow}" was deleted meanwhile.` } : outcomeOf(fired);
}

async function outcomeOf(fired: Fired): Promise<Outcome> {
  if (fired.outcome === 'declined') return { outcome: 'declined' };
  if (fired.outcome === 'refused') return { outcome: 'refused', reason: fired.error.message };
  if (fired.outcome === 'held') return { outcome: 'held', runId: fired.held.runId };
  await fired.started.open();
  // A duplicate is the run of an earlier attempt whose outcome was not noted.
  return { outcome: 'started', runId: fired.started.runId };
}

interface Facts {
  readonly fields: JsonObject;
  readonly input?: Json;
}

/** What fired, by the type of the trigger. Null: it is not kept any more. */
const FACTS: Readonly<Record<string, (tx: Tenant, key: string) => Promise<Facts | null>>> = {
  event: async (tx, id) => {
    const event = await getEvent(tx, { id });
    if (event === null) return null;
    const { name, key = null, data, source, attributes } = event;
    return { fields: { event: name, subject: key, data, source: source ?? 'api', attributes: attributes ?? {} } };
  },
  failure: async (tx, runId) => {
    const failed = await getRunValues(tx, { runId });
    if (failed === null) return null;
    const { workflow, status, error, input } = failed;
    return { fields: {}, input: { workflow, run: runId, status, error: error as unknown as Json, input } };
  },
};
