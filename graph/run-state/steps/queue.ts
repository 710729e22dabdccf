import { nodeOf } from '../state/frames.ts';
import type { ReadyEntry, Run } from '../state/state.ts';
import type { Place } from '../state/step.ts';

/** Puts a step on the ready list: to start, or to go on once what it asked for has come. */
export function queue(run: Run, { frame, node }: Place): void {
  insert(run.state.ready, {
    frame,
    node,
    priority: nodeOf(run, { frame, node }).priority ?? 3,
    order: run.state.order++,
  });
}

/** Puts the next entry of a holder's undo list on the ready list. */
export function queueUndo(run: Run, { frame, node }: Place): void {
  insert(run.state.ready, { frame, node, priority: 3, order: run.state.order++, undo: true });
}

/** Next entry to start, by priority and then age; effects for which there is no room are held back. */
export function takeReady(run: Run): ReadyEntry | undefined {
  const { ready, held, inFlight } = run.state;
  if (inFlight < run.limits.inFlight) {
    const [first, kept] = [ready[0], held[0]];
    return kept && (!first || precedes(kept, first)) ? held.shift() : ready.shift();
  }
  for (let entry = ready.shift(); entry; entry = ready.shift()) {
    if (!isEffect(run, entry)) return entry;
    insert(held, entry);
  }
  return undefined;
}

/** True if `takeReady` would find something. */
export function canStart(run: Run): boolean {
  const { ready, held, inFlight } = run.state;
  if (inFlight < run.limits.inFlight) return ready.length + held.length > 0;
  return ready.some((entry) => !isEffect(run, entry));
}

/** Takes the steps of a closing body off the ready list; undo lists go on. */
export function dropReady(run: Run, frame: string): void {
  const { state } = run;
  const stays = (entry: ReadyEntry): boolean => entry.frame !== frame || entry.undo === true;
  state.ready = state.ready.filter(stays);
  state.held = state.held.filter(stays);
}

const isEffect = (run: Run, entry: ReadyEntry): boolean =>
  entry.undo === true || nodeOf(run, entry).effect !== undefined;

const precedes = (a: ReadyEntry, b: ReadyEntry): boolean =>
  a.priority < b.priority || (a.priority === b.priority && a.order < b.order);

function insert(list: ReadyEntry[], entry: ReadyEntry): void {
  let at = list.length;
  while (at > 0 && precedes(entry, list[at - 1]!)) at--;
  list.splice(at, 0, entry);
}
