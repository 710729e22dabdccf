import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { StepRecord } from '../run-state/index.ts';
import { type Game, play } from '../run-state/testing/game.ts';
import { ALL, type Draw, drawFrom, draws, randomGraph } from '../run-state/testing/random-graphs.ts';
import { planOfGraph, playOut } from '../run-state/testing/random-play.ts';
import { isInside, type Repeat, takeOverFrom } from './index.ts';

/** Set BLOK_PROPERTY_RUNS for more. */
const numRuns = Number(process.env.BLOK_PROPERTY_RUNS ?? 200);

/** What wins a race, or is cut off, depends on time, and a run that is repeated takes another time. */
const TIMELESS = { ...ALL, uses: ALL.uses.filter((uses) => uses !== 'race' && uses !== 'stop'), timeouts: false };

/** Gives a run the answers that another one got; what that one never asked for succeeds. */
function answerAs(first: Game, game: Game, draw: Draw): Game {
  const known = new Map(first.steps.map((step) => [step.path, step]));
  for (let move = 0; game.status === 'open' && move < 5_000; move++) {
    const path = game.pending[draw(Math.max(1, game.pending.length))];
    const step = path === undefined ? undefined : known.get(path);
    if (path !== undefined && step?.status === 'failed')
      game.bad(path, step.error!.code, { unknown: step.error!.unknown, attempt: step.error!.attempts });
    else if (path !== undefined) game.ok(path, step?.status === 'succeeded' ? step.output : path);
    else if (!answerWait(known, game)) break;
  }
  return game;
}

function answerWait(known: ReadonlyMap<string, { output?: unknown }>, game: Game): boolean {
  const [wait] = game.waits;
  if (wait?.kind === 'approval') {
    const { decision = 'approved' } = (known.get(wait.step)?.output ?? {}) as { decision?: 'approved' | 'rejected' };
    return game.decide(wait.step, decision);
  }
  if (wait?.kind === 'event') return game.event(wait.event!, { id: `again-${wait.step}` });
  const asked = game.commands.findLast(
    (one) => one.do === 'keep' && Object.keys(game.run.state.evaluations).includes(one.call.path),
  );
  if (asked?.do === 'keep') game.computed(asked.call.path, asked.call.value);
  else return game.tick();
  return true;
}

it('repeats a random run from any of its steps with its own outputs: it ends as it did, and repeats nothing', () => {
  let tried = 0;
  fc.assert(
    fc.property(draws(120), draws(200), fc.nat(999), (choices, moves, which) => {
      const plan = planOfGraph(randomGraph(drawFrom(choices), TIMELESS));
      const first = playOut(plan, drawFrom(moves), { failures: true });
      const begun = first.steps.filter(
        ({ path, status }) => status !== 'skipped' && status !== 'cancelled' && !/\.(compensate|notify)$/.test(path),
      );
      fc.pre(begun.length > 0);
      const { path: from } = begun[which % begun.length]!;
      const repeat = { plan, from, succeeded: first.status === 'succeeded' };
      const over = takeOverFrom({ ...repeat, steps: first.steps })!;
      expect(over.missing).toEqual([]);
      expect(takeOverInParts(repeat, first.steps)).toEqual(over);
      const again = answerAs(first, play(plan, { taken: over.taken }), drawFrom(moves));
      expect(again.status).toBe(first.status);
      if (first.status === 'succeeded') expect(strip(again.output)).toEqual(strip(first.output));
      expect(again.log.filter((path) => Object.hasOwn(over.taken.steps, path))).toEqual([]);
      tried++;
    }),
    { numRuns },
  );
  expect(tried).toBeGreaterThan(numRuns / 4);
});

/** The same, with the steps inside of loops only where something depends on them. */
function takeOverInParts(repeat: Omit<Repeat, 'steps'>, all: readonly StepRecord[]) {
  const outside = all.filter(({ path }) => !path.includes('[') || path.endsWith('.compensate'));
  const { loops } = takeOverFrom({ ...repeat, steps: outside })!;
  const inside = all.filter(({ path }) => loops.some((loop) => isInside(path, loop)));
  return takeOverFrom({ ...repeat, steps: [...outside, ...inside] });
}

/** Times and ids of messages are those of the run. So is what was undone: what had begun when a sibling failed depends on who was quicker. */
const strip = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value ?? null, (key, entry) => (key === 'at' || key === 'id' || key === 'undo' ? undefined : entry)),
  );
