import type { PlanNode } from '../../plan/types.ts';
import { holdFrame, letGo } from '../state/bytes-held.ts';
import { bodyOf, later } from '../state/frames.ts';
import { linksOf } from '../state/links.ts';
import type { Frame, Run } from '../state/state.ts';
import { follows } from '../state/versions.ts';
import { enqueue, skip } from './settle.ts';

/** Starts a body: nodes that need nothing become ready. */
export function openFrame(
  run: Run,
  spec: Pick<Frame, 'key' | 'part' | 'owner' | 'visible' | 'index' | 'item' | 'state' | 'handling'>,
): void {
  const frame: Frame = {
    ...spec,
    steps: [],
    unsettled: [],
    live: [],
    pending: 0,
    undo: [],
    undoFailed: [],
    phase: 'running',
  };
  run.state.frames[frame.key] = frame;
  const { nodes } = bodyOf(run, frame);
  const links = linksOf(bodyOf(run, frame));
  frame.pending = nodes.length;
  if (follows(run, 'dataAndControlPriced')) run.state.fuelUsed += nodes.length;
  holdFrame(run, frame, nodes.length);
  nodes.forEach(({ id }, node) => {
    frame.unsettled.push(links.count[node]!);
    frame.live.push(0);
    frame.visible.nodes[id] = null;
    frame.visible.errors[id] = null;
  });
  for (const { target, trigger } of links.triggers) {
    frame.unsettled[target]!--;
    if (run.facts.trigger.id === trigger) frame.live[target]!++;
  }
  for (const [node, plan] of nodes.entries()) settleTriggers(run, frame, node, plan);
  if (frame.pending === 0) later(run, { then: 'bodyDone', frame: frame.key });
}

/** Forgets a frame that has ended. */
export function dropFrame(run: Run, frame: Frame): void {
  letGo(run, frame);
  delete run.state.frames[frame.key];
}

/** Starts or skips a node whose links are all from triggers, which are settled from the start. */
function settleTriggers(run: Run, frame: Frame, node: number, plan: PlanNode): void {
  const dead =
    plan.join === 'all' && plan.needs.some(([from, id]) => from === 'trigger' && run.facts.trigger.id !== id);
  if (dead) skip(run, frame, node);
  else if (frame.unsettled[node]! > 0) return;
  else if (plan.needs.length === 0 || frame.live[node]! > 0) enqueue(run, frame, node);
  else skip(run, frame, node);
}
