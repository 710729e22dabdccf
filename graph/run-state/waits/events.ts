import { hold, measure } from '../state/bytes-held.ts';
import { stepOf } from '../state/frames.ts';
import type { Start } from '../state/start.ts';
import type { KeptEvent, Run } from '../state/state.ts';
import type { Place, WaitState } from '../state/step.ts';
import { settle } from '../steps/settle.ts';
import { requiredText } from '../values/params.ts';
import { wholeParameter } from '../values/resolve.ts';
import { endWait, openWait } from './waits.ts';

/** How many ids of events are remembered, so that an event delivered twice counts once. */
const REMEMBERED = 1_000;

type Wanted = Pick<WaitState, 'event' | 'key'>;

/** `waitForEvent`: takes the oldest kept event that fits, or waits for one. */
export function startEventWait(run: Run, start: Start): void {
  const event = requiredText(wholeParameter(run, start, 'event'), 'with.event');
  const given = wholeParameter(run, start, 'key') ?? null;
  const key = given === null ? null : keyText(given);
  start.step.input = { event, key };
  const kept = oldest(run, { event, key });
  if (kept) settle(run, start.place, { status: 'succeeded', output: take(run, kept) });
  else openWait(run, start, { kind: 'event', event, key, until: null });
}

/**
 * Receives an event: the wait that has waited longest gets it; without one, the event is kept for a later wait.
 *
 * @returns false if the event arrived before
 */
export function receiveEvent(run: Run, event: KeptEvent): boolean {
  const { seen, events } = run.state;
  if (seen.includes(event.id)) return false;
  remember(run, event);
  events.push(event);
  hold(run, measure(run, event));
  const place = longestWaiting(run, event);
  if (place) endWait(run, place, { status: 'succeeded', output: take(run, event) });
  return true;
}

/** Whether a different event arrived with this id before, not the same event sent again. */
export function clashes(run: Run, { id, digest }: Pick<KeptEvent, 'id' | 'digest'>): boolean {
  const { digests = {} } = run.state;
  return digest !== undefined && Object.hasOwn(digests, id) && digests[id] !== digest;
}

function remember(run: Run, { id, digest }: KeptEvent): void {
  const { state } = run;
  state.seen.push(id);
  if (digest !== undefined) state.digests = { ...state.digests, [id]: digest };
  if (state.seen.length <= REMEMBERED) return;
  const forgotten = state.seen.shift()!;
  if (state.digests) delete state.digests[forgotten];
}

function longestWaiting(run: Run, event: KeptEvent): Place | undefined {
  let found: { readonly place: Place; readonly order: number } | undefined;
  for (const place of run.places.values()) {
    const { wait } = stepOf(run, place);
    if (wait && fits(event, wait) && (!found || wait.order < found.order)) found = { place, order: wait.order };
  }
  return found?.place;
}

/** Events may arrive late and out of order: the oldest is the event that Blok received first, wherever that was. */
function oldest(run: Run, wanted: Wanted): KeptEvent | null {
  let found: KeptEvent | null = null;
  for (const event of run.state.events) if (fits(event, wanted) && (!found || event.at < found.at)) found = event;
  return found;
}

function take(run: Run, event: KeptEvent): Omit<KeptEvent, 'told'> {
  const { events } = run.state;
  events.splice(events.indexOf(event), 1);
  hold(run, -measure(run, event));
  const { id, name, key, data, at } = event;
  return { id, name, key, data, at };
}

function fits(event: KeptEvent, wanted: Wanted): boolean {
  if (wanted.event !== event.name) return false;
  return event.told || wanted.key === null || event.key === null || event.key === wanted.key;
}

/** Event keys are compared as text. */
const keyText = (key: unknown): string => (typeof key === 'string' ? key : JSON.stringify(key));
