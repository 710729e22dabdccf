import { getSteps } from '../../db/index.ts';
import type { StepRecord } from '../../graph/run-state/index.ts';
import type { Context } from '../context.ts';

/** How much of a run is read at once. */
const PAGE = { most: 1_000, bytes: 4_000_000 } as const;

/** The stored steps of a run, of which a part has been read. */
interface Side {
  readonly runId: string;
  steps: StepRecord[];
  more: boolean;
  after?: string;
}

/**
 * The stored steps of two runs in the order of their paths, part by part: steps of the same path are in the same part.
 * Neither run is ever in memory as a whole.
 */
export async function* sideBySide(
  ctx: Context,
  ids: { readonly left: string; readonly right: string },
): AsyncGenerator<{ left: StepRecord[]; right: StepRecord[] }> {
  const [left, right] = [sideOf(ids.left), sideOf(ids.right)];
  for (;;) {
    for (const side of [left, right]) await fill(ctx, side);
    const until = [left, right].filter(({ more }) => more).map(({ after }) => after!);
    const last = until.length === 0 ? undefined : until.reduce((a, b) => (a < b ? a : b));
    yield { left: take(left, last), right: take(right, last) };
    if (last === undefined) return;
  }
}

const sideOf = (runId: string): Side => ({ runId, steps: [], more: true });

async function fill(ctx: Context, side: Side): Promise<void> {
  if (side.steps.length > 0 || !side.more) return;
  const { runId, after } = side;
  const { steps, more } = await ctx.tenant((tx) => getSteps(tx, { runId, by: 'path', after, ...PAGE }));
  side.steps = steps;
  side.more = more;
  const last = steps.at(-1);
  if (last) side.after = last.path;
}

/** Takes the steps up to a path, which are all if there is none. Paths are ASCII, so texts are ordered like their bytes. */
function take(side: Side, last: string | undefined): StepRecord[] {
  const end = last === undefined ? -1 : side.steps.findIndex(({ path }) => path > last);
  return side.steps.splice(0, end < 0 ? side.steps.length : end);
}
