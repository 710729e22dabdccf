import { type RunSpec, runOf } from './state/create.ts';
import { type Enveloped, seal, unseal } from './state/envelope.ts';
import { bodyOf, frameAt, isActive, nodeOf } from './state/frames.ts';
import type { Frame, Run, RunState, Visible } from './state/state.ts';
import type { Closing } from './state/step.ts';
import { nothingVisible, visibleIn, visibleWithin } from './values/scope.ts';

/** A run as JSON: everything that changes, except what can be derived again. */
export type Snapshot = Enveloped;

/** Turns a run into JSON, for continue-as-new. Only waits, timers and back-offs may be pending: no activity may run. */
export function snapshotRun(run: Run): Snapshot {
  const frames = Object.values(run.state.frames).map((frame) => {
    const { visible, ...kept } = frame;
    // Only a part of a loop sees values that cannot be derived from its own steps.
    return run.paged && !frame.owner ? { ...kept, visible } : kept;
  });
  return seal({ ...run.state, draining: false, frames });
}

/**
 * The run a snapshot was made of. Takes ownership of the snapshot: don't use it afterwards. All timers of the run must
 * be set again, including timers that had fired and were put off.
 */
export function restoreRun(spec: RunSpec, snapshot: Snapshot): Run {
  const { frames, ...state } = unseal(snapshot) as Omit<RunState, 'frames'> & { frames: Frame[] };
  const run = runOf(spec, {
    ...state,
    generation: state.generation ?? 0,
    due: state.paused ? state.due : [],
    frames: {},
  });
  // A container's frame comes before those of its bodies, and a body before its `catch` and `finally`.
  for (const kept of frames) {
    renameReasons(kept);
    run.state.frames[kept.key] = kept;
    const frame: Frame = { ...kept, steps: kept.steps.map((step) => step ?? undefined), visible: visibleOf(run, kept) };
    run.state.frames[frame.key] = frame;
    showSteps(run, frame);
  }
  return run;
}

/** Snapshots of version 1 say `lost` when a race was decided (won). */
function renameReasons(frame: Frame): void {
  const renamed = (closing: Closing | undefined): { closing?: Closing } =>
    (closing?.reason as string) === 'lost' ? { closing: { ...closing!, reason: 'decided' } } : {};
  Object.assign(frame, renamed(frame.closing));
  for (const step of frame.steps) if (step?.container) Object.assign(step.container, renamed(step.container.closing));
}

function visibleOf(run: Run, frame: Frame): Visible {
  const { owner, part, index } = frame;
  if (!owner) return restored(frame.visible);
  const outer = frameAt(run, owner.frame);
  const container = nodeOf(run, owner);
  if (part === 'catch' || part === 'finally') {
    const body = frameAt(run, outer.steps[owner.node]!.path);
    return visibleWithin(body.visible, container, undefined, frame.handling ?? null);
  }
  if (part === 'item') return visibleIn(outer, container, { index: index!, item: frame.item });
  if (part === 'round') return visibleIn(outer, container, { index: index!, state: frame.state });
  return visibleIn(outer, container);
}

/** Restores the outputs and errors of the frame's own nodes, and the places of the steps that have not ended. */
function showSteps(run: Run, frame: Frame): void {
  bodyOf(run, frame).nodes.forEach(({ id }, node) => {
    const step = frame.steps[node];
    frame.visible.nodes[id] = step?.output ?? null;
    frame.visible.errors[id] = step?.error ?? null;
    if (step && (step.status === 'ready' || isActive(step))) run.places.set(step.path, { frame: frame.key, node });
  });
}

function restored(given: Visible | undefined): Visible {
  const visible = nothingVisible();
  for (const part of ['nodes', 'errors', 'loops', 'local'] as const) Object.assign(visible[part], given?.[part]);
  return visible;
}
