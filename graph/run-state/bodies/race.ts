import { bodyOf, containerOf, frameAt, nodeOf, pathIn, stepAt, stepOf } from '../state/frames.ts';
import { linksOf } from '../state/links.ts';
import type { Start } from '../state/start.ts';
import type { Frame, Run } from '../state/state.ts';
import type { Closing, Place } from '../state/step.ts';
import { dropFrame, openFrame } from '../steps/open-frame.ts';
import { failure } from '../values/errors.ts';
import { visibleIn } from '../values/scope.ts';
import { closeFrame } from './closing.ts';
import { failContainer, openContainer, succeed, takeOver, undoContainer } from './container.ts';

/** `race`: the end node that succeeds first wins; the others are cancelled and undone. */
export function startRace(run: Run, start: Start): void {
  const { place, frame, plan } = start;
  openContainer(run, start, { race: { winner: null, output: null } });
  openFrame(run, { key: pathIn(frame, plan.id), part: 'body', owner: place, visible: visibleIn(frame, plan) });
}

/**
 * Decides the race a body belongs to if this node is an end node that has succeeded: the other branches are cancelled
 * and undone.
 *
 * @returns whether this node decided the race
 */
export function decideRace(run: Run, frame: Frame, node: number): boolean {
  const step = stepAt(frame, node);
  if (!frame.owner || step.status !== 'succeeded') return false;
  const { race } = containerOf(run, frame.owner);
  if (!race || !linksOf(bodyOf(run, frame)).ends[node]) return false;
  race.winner = node;
  race.output = step.output;
  const error = { ...failure('cancelled', 'Another branch of the race came first.', step.path, ''), attempts: 0 };
  closeFrame(run, frame, { reason: 'decided', error });
  return true;
}

/** All branches have ended and none has succeeded. */
export function raceWithoutWinner(run: Run, place: Place, inner: Frame): void {
  const { id } = nodeOf(run, place);
  const error = failure('race.none', `No branch of ${id} succeeded.`, stepOf(run, place).path, id);
  closeFrame(run, inner, { reason: 'failed', error });
}

/** The race is decided, failed or cancelled, and everything that had to be undone has been. */
export function raceClosed(run: Run, place: Place, inner: Frame, closing: Closing): void {
  const container = containerOf(run, place);
  if (closing.reason === 'decided') {
    const race = container.race!;
    takeOver(container, inner);
    dropFrame(run, inner);
    if (container.closing) return undoContainer(run, place);
    const winner = nodeOf(run, place).body!.nodes[race.winner!]!.id;
    return succeed(run, place, { winner, output: race.output }, winner);
  }
  const error = takeOver(container, inner, closing)!;
  dropFrame(run, inner);
  if (container.closing) undoContainer(run, place);
  else failContainer(run, place, error);
}

/** Stops a race from outside, or at its own timeout. */
export function closeRace(run: Run, place: Place, closing: Closing): void {
  closeFrame(run, frameAt(run, stepOf(run, place).path), closing);
}
