import { closeFrame } from '../bodies/closing.ts';
import { decideRace } from '../bodies/race.ts';
import { bodyOf, frameAt, later, stepAt } from '../state/frames.ts';
import { linksOf } from '../state/links.ts';
import type { Frame, Run } from '../state/state.ts';
import type { Place, Step } from '../state/step.ts';
import { enqueue, skip } from '../steps/settle.ts';

/** What a settled node means for its body: the body fails, a race is won, or links settle. */
export function afterStep(run: Run, { frame: key, node }: Place): void {
  const frame = frameAt(run, key);
  if (!frame) return;
  if (frame.phase !== 'running') return later(run, { then: 'stopped', frame: key });
  const step = stepAt(frame, node);
  if (step.status === 'failed' && step.port === null) closeFrame(run, frame, { reason: 'failed', error: step.error! });
  else if (!decideRace(run, frame, node)) passOn(run, frame, node, step);
}

/** Settles the links out of a node and starts, or skips, the nodes that waited for them. */
function passOn(run: Run, frame: Frame, node: number, step: Step): void {
  const body = bodyOf(run, frame);
  frame.pending--;
  for (const { target, port } of linksOf(body).out[node]!) {
    const live = step.status !== 'skipped' && step.port === port;
    const unsettled = --frame.unsettled[target]!;
    if (live) frame.live[target]!++;
    if (body.nodes[target]!.join === 'all') {
      if (!live) skip(run, frame, target);
      else if (unsettled === 0) enqueue(run, frame, target);
    } else if (unsettled === 0) {
      if (frame.live[target]! > 0) enqueue(run, frame, target);
      else skip(run, frame, target);
    }
  }
  if (frame.pending === 0) later(run, { then: 'bodyDone', frame: frame.key });
}
