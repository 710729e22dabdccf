/** Drives a run at random, as the world might. */
import { compile } from '../../compile/index.ts';
import type { Graph } from '../../document/types.ts';
import type { Plan } from '../../plan/types.ts';
import { catalogue, type Game, type PlayOptions, play } from './game.ts';
import type { Draw } from './random-graphs.ts';

/** What may happen to a run apart from what it asked for. */
export interface World {
  readonly failures?: boolean;
  /** Cancel, pause, resume. */
  readonly operators?: boolean;
  readonly limits?: PlayOptions['limits'];
  /** Called before each move; may restore the run from a snapshot. */
  readonly between?: (game: Game, move: number) => void;
}

/** Moves after which a run counts as endless; no random graph comes close to this. */
const MOST_MOVES = 20_000;

export function planOfGraph(graph: Graph): Plan {
  const { plan, problems } = compile(graph, catalogue);
  if (!plan) throw new Error(JSON.stringify(problems));
  return plan;
}

/** Plays a run until it has ended. @throws Error if it neither ends nor waits for anything */
export function playOut(plan: Plan, draw: Draw, world: World = {}): Game {
  const game = play(plan, { ...(world.limits ? { limits: world.limits } : {}) });
  for (let move = 0; game.status === 'open'; move++) {
    if (move > MOST_MOVES) throw new Error('The run does not end.');
    world.between?.(game, move);
    if (game.status !== 'open') break;
    if (world.operators && operate(game, draw)) continue;
    if (!answerOne(game, draw, world) && !goOn(game, draw)) throw new Error(`Stuck: ${JSON.stringify(game.run.state)}`);
  }
  return game;
}

function operate(game: Game, draw: Draw): boolean {
  switch (draw(40)) {
    case 1:
      game.cancel();
      return true;
    case 2:
      game.pause();
      return true;
    case 3:
      game.resume();
      return true;
    default:
      return false;
  }
}

/** One effect in flight comes back. */
function answerOne(game: Game, draw: Draw, { failures = false }: World): boolean {
  const { pending } = game;
  // Sometimes the world is slower than the clock.
  if (pending.length === 0 || draw(7) === 6) return false;
  const path = pending[draw(pending.length)]!;
  const call = game.call(path);
  const how = failures ? draw(10) : 0;
  if (how === 6) game.bad(path, 'broken', { unknown: draw(2) === 1, attempt: call.attemptsBefore + 1 });
  else if (how === 7)
    game.bad(path, 'busy', { retryable: true, unknown: draw(2) === 1, attempt: call.attemptsBefore + 1 });
  else if (how === 8) game.bad(path, 'cancelled', { cancelled: true, unknown: draw(2) === 1 });
  else if (how === 9) game.bad(path, 'timeout', { unknown: true });
  else game.ok(path, path);
  return true;
}

/** Nothing is stored here: a run that asks for it goes on with the value itself. */
function storeOne(game: Game): boolean {
  const asked = Object.keys(game.run.state.evaluations);
  const command = game.commands.findLast((one) => one.do === 'keep' && asked.includes(one.call.path));
  if (command?.do !== 'keep') return false;
  game.computed(command.call.path, command.call.value);
  return true;
}

/** Makes a decision, sends an event, fires the next timer or ends a pause; otherwise an effect succeeds. */
function goOn(game: Game, draw: Draw): boolean {
  if (storeOne(game)) return true;
  const waits = [...game.waits].sort((a, b) => (a.step < b.step ? -1 : 1));
  const wait = waits[draw(waits.length + 1)];
  if (wait?.kind === 'approval') return game.decide(wait.step, draw(2) === 1 ? 'rejected' : 'approved');
  if (wait?.kind === 'event')
    return game.event(wait.event!, { id: `e${game.run.state.seq}-${game.steps.length}-${wait.step}` });
  if (game.timers().some((key) => key !== '~graph') || game.run.state.paused) {
    if (game.run.state.paused && draw(2) === 0) game.resume();
    else game.tick();
    return true;
  }
  if (waits[0]) return goOn(game, () => 0);
  if (game.pending[0]) game.ok(game.pending[0], game.pending[0]);
  return game.log.length > 0;
}
