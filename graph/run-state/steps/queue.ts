import { isCrowded } from '../state/bytes-held.ts';
import { nodeOf } from '../state/frames.ts';
import type { ReadyEntry, Run } from '../state/state.ts';
import type { Place } from '../state/step.ts';
import { follows } from '../state/versions.ts';
import { hasPlace, isLimited } from './places.ts';
import { awaitRoom, hasFreePlace } from './room.ts';

/** Puts a step on the ready list: to start, or to go on because the value it asked for has arrived. */
export function queue(run: Run, place: Place): void {
  const { uses, priority = 3 } = nodeOf(run, place);
  insert(run.state.ready, { ...entryFor(run, place, priority), ...endOf(run, uses) }, precedes);
}

/** Puts the next entry of a holder's undo list on the ready list. */
export function queueUndo(run: Run, place: Place): void {
  insert(run.state.ready, { ...entryFor(run, place, 3), undo: true }, precedes);
}

/**
 * Next entry to start. Steps that became ready together start together: `stop` and `fail` first, the others by priority
 * and age. Effects for which there is no room, or no place in their queue, are held back and start by priority and age when
 * there is.
 */
export function takeReady(run: Run): ReadyEntry | undefined {
  const { ready } = run.state;
  if (!hasRoom(run)) {
    holdBack(run, (entry) => !effectOf(run, entry));
    return started(run, ready.shift());
  }
  holdBack(run, (entry) => findsPlace(run, entry));
  const [kept] = heldWithPlace(run).sort(([a], [b]) => (isMoreUrgent(a!, b!) ? -1 : 1));
  const goesFirst = kept && (!ready[0] || (ready[0].end === undefined && isMoreUrgent(kept[0]!, ready[0])));
  return started(run, goesFirst ? kept.shift() : ready.shift());
}

/**
 * Holds back effects that found no room, or no place: from here on, only priority and age decide which of them is next. What
 * is no effect stays on the ready list, where it is while the run is paused. Versions before 10 held it back as well.
 */
export function holdWaiting(run: Run): void {
  const staysFirst = (entry: ReadyEntry): boolean => follows(run, 'roomGrows') && !effectOf(run, entry);
  holdBack(run, hasRoom(run) ? (entry) => findsPlace(run, entry) : staysFirst);
  awaitRoom(run);
}

/** Holds back effects at the head of the ready list until there is an entry that may start. */
function holdBack(run: Run, mayStart: (entry: ReadyEntry) => boolean): void {
  const { state } = run;
  while (state.ready[0] && !mayStart(state.ready[0])) {
    const entry = state.ready.shift()!;
    const queue = effectOf(run, entry)?.queue;
    if (!isLimited(run, queue)) insert(state.held, entry, isMoreUrgent);
    else {
      state.heldOf ??= {};
      state.heldOf[queue] ??= [];
      insert(state.heldOf[queue], entry, isMoreUrgent);
    }
  }
}

/** What was held back and may start now: lists in order, of which none is empty. */
function heldWithPlace(run: Run): ReadyEntry[][] {
  const { held, heldOf = {} } = run.state;
  const placed = Object.entries(heldOf).flatMap(([queue, list]) => (hasPlace(run, queue) ? [list] : []));
  return [held, ...placed].filter((list) => list.length > 0);
}

/** Effects in flight while the run holds a lot, and the share of what it may hold from which on only one is. */
const WHILE_CROWDED = 16;
const VERY = 3 / 4;

/** True if another effect may be in flight. One always may, however much the run holds. */
function hasRoom(run: Run): boolean {
  const { inFlight } = run.state;
  if (inFlight === 0 || !isCrowded(run)) return hasFreePlace(run);
  return hasFreePlace(run) && inFlight < WHILE_CROWDED && !isCrowded(run, VERY);
}

/** True if `takeReady` would find something. */
export function canStart(run: Run): boolean {
  const { ready } = run.state;
  if (!hasRoom(run)) return ready.some((entry) => !effectOf(run, entry));
  return heldWithPlace(run).length > 0 || ready.some((entry) => findsPlace(run, entry));
}

/** How many entries wait for their start. */
export const countReady = ({ state: { ready, held, heldOf = {} } }: Run): number =>
  [ready, held, ...Object.values(heldOf)].reduce((sum, { length }) => sum + length, 0);

/** Takes the steps of a closing body off the ready list; undo lists go on. */
export function dropReady(run: Run, frame: string): void {
  const { state } = run;
  const stays = (entry: ReadyEntry): boolean => entry.frame !== frame || entry.undo === true;
  state.ready = state.ready.filter(stays);
  state.held = state.held.filter(stays);
  for (const [queue, list] of Object.entries(state.heldOf ?? {})) state.heldOf![queue] = list.filter(stays);
}

/** Types that end the body around them, in the order in which they start. */
const ENDS: readonly string[] = ['stop', 'fail'];

function endOf(run: Run, uses: string): Pick<ReadyEntry, 'end'> {
  const end = follows(run, 'endsStartFirst') ? ENDS.indexOf(uses) : -1;
  return end < 0 ? {} : { end };
}

function entryFor(run: Run, { frame, node }: Place, priority: number): ReadyEntry {
  const generation = follows(run, 'endsStartFirst') ? { generation: run.state.generation } : {};
  return { frame, node, priority, order: run.state.order++, ...generation };
}

/** Once an entry of a generation starts, steps that become ready belong to the next: they were not ready together. */
function started(run: Run, entry: ReadyEntry | undefined): ReadyEntry | undefined {
  if (entry?.generation === run.state.generation) run.state.generation++;
  return entry;
}

/**
 * The effect of an entry, if the entry starts one. A step may have ended while it was on the list, and its body with it: then
 * nothing is started. Of an undo list, the first effect counts, which needs no place in a queue.
 */
function effectOf(run: Run, entry: ReadyEntry): { readonly queue?: string } | undefined {
  if (entry.undo) return {};
  return run.state.frames[entry.frame] && nodeOf(run, entry).effect;
}

/** Whether the queue of what an entry starts takes another effect. */
const findsPlace = (run: Run, entry: ReadyEntry): boolean => hasPlace(run, effectOf(run, entry)?.queue);

type Before = (a: ReadyEntry, b: ReadyEntry) => boolean;

const isMoreUrgent: Before = (a, b) => a.priority < b.priority || (a.priority === b.priority && a.order < b.order);

/** Runs of version 1 have neither generations nor ends: for them this is `isMoreUrgent`. */
const precedes: Before = (a, b) => {
  const [generation, end] = [
    (a.generation ?? 0) - (b.generation ?? 0),
    (a.end ?? ENDS.length) - (b.end ?? ENDS.length),
  ];
  return generation < 0 || (generation === 0 && (end < 0 || (end === 0 && isMoreUrgent(a, b))));
};

function insert(list: ReadyEntry[], entry: ReadyEntry, before: Before): void {
  let at = list.length;
  while (at > 0 && before(entry, list[at - 1]!)) at--;
  list.splice(at, 0, entry);
}
