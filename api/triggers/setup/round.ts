import { type Settled, settleTrigger, type TriggerRow, takeDueTriggers } from '../../../db/index.ts';
import { StartError } from '../../../graph/start/index.ts';
import type { Context } from '../../context.ts';
import { RunsError } from '../../runs-port.ts';
import { declaredTrigger } from './declared.ts';
import { SETUPS } from './table.ts';
import { Refused, type SetUp } from './types.ts';

/** Taken at a time. Together they must take less time than a taken trigger is left alone. */
const BATCH = 40;
const CONCURRENCY = 8;

/** Pause after the first failure. It doubles with each further one. */
const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 300_000;

/** Sets up and takes down every trigger that is due. Several processes may do so at once. */
export async function setUpDueTriggers(ctx: Context): Promise<void> {
  let taken: number;
  do {
    const rows = await ctx.tenant((tx) => takeDueTriggers(tx, { limit: BATCH }));
    taken = rows.length;
    const worker = async () => {
      for (let row = rows.shift(); row; row = rows.shift()) await setUpOne(ctx, row);
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  } while (taken === BATCH);
}

async function setUpOne(ctx: Context, row: TriggerRow): Promise<void> {
  const settled = await outcomeOf(ctx, row).catch((error: unknown) => failed(ctx, row, error));
  await ctx.tenant((tx) => settleTrigger(tx, { row, settled }));
}

async function outcomeOf(ctx: Context, row: TriggerRow): Promise<Settled> {
  const setup = SETUPS.get(row.uses);
  const former = formerType(row);
  if (former !== undefined && SETUPS.get(former) !== setup)
    await SETUPS.get(former)?.down(ctx, { ...row, uses: former, gone: true });
  if (row.gone || !row.enabled || !row.workflowActive) {
    await setup?.down(ctx, row);
    return { state: 'off' };
  }
  if (!setup) throw new Refused(`This version of Blok cannot set up triggers of the type ${row.uses}.`);
  const made: SetUp = await setup.up(ctx, row, await declaredTrigger(ctx, row));
  return { state: 'active', registration: null, ...made };
}

/** The type with which the trigger was set up last, if something of that exists outside of Postgres. */
const formerType = ({ registration }: TriggerRow): string | undefined =>
  (registration as { uses?: string } | null)?.uses;

function failed(ctx: Context, row: TriggerRow, error: unknown): Settled {
  const { workflow, id, attempts } = row;
  ctx.log.warn({ err: error, workflow, trigger: id }, 'a trigger was not set up; tried again in a moment');
  const againInMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(attempts - 1, 20));
  return { state: 'failed', reason: reasonOf(error), againInMs };
}

/** What may be shown of an error. */
function reasonOf(error: unknown): string {
  if (error instanceof Refused || error instanceof StartError) return error.message;
  if (error instanceof RunsError) return 'Temporal does not answer.';
  return 'Something went wrong on the server; its log says more.';
}
