import type { PlanBody, PlanNode } from '../../plan/types.ts';
import type { Consequence, Frame, Run } from './state.ts';
import type { ContainerState, Place, Step } from './step.ts';

export const frameAt = (run: Run, key: string): Frame => run.state.frames[key]!;

export const stepAt = (frame: Frame, node: number): Step => frame.steps[node]!;

export const stepOf = (run: Run, { frame, node }: Place): Step => stepAt(frameAt(run, frame), node);

/** The state of a step's running container. */
export const containerOf = (run: Run, place: Place): ContainerState => stepOf(run, place).container!;

/** The body a frame runs: part of the container that owns it. */
export function bodyOf(run: Run, frame: Frame): PlanBody {
  if (!frame.owner) return run.root;
  const container = nodeOf(run, frame.owner);
  if (frame.part === 'catch') return container.catch as PlanBody;
  if (frame.part === 'finally') return container.finally as PlanBody;
  return container.body as PlanBody;
}

export const nodeAt = (run: Run, frame: Frame, node: number): PlanNode => bodyOf(run, frame).nodes[node]!;

export const nodeOf = (run: Run, { frame, node }: Place): PlanNode => nodeAt(run, frameAt(run, frame), node);

/** Step path of a node of a frame. */
export const pathIn = (frame: Frame, id: string): string => (frame.key === '' ? id : `${frame.key}.${id}`);

/** Frames whose container is this step. */
export function framesOf(run: Run, place: Place): Frame[] {
  return Object.values(run.state.frames).filter(
    (frame) => frame.owner?.frame === place.frame && frame.owner.node === place.node,
  );
}

/** True while the step has started and not ended. */
export const isActive = (step: Step | undefined): boolean => step?.status === 'running' || step?.status === 'waiting';

/**
 * Puts off a consequence until the current change is complete. Closings of containers go first, because nothing that
 * happens in a closed body counts.
 */
export function later(run: Run, consequence: Consequence): void {
  const { todo } = run;
  if (consequence.then !== 'closeContainer') todo.push(consequence);
  else todo.splice(todo.filter(({ then }) => then === 'closeContainer').length, 0, consequence);
}
