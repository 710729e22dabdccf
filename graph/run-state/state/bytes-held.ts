import { exceeds } from '../../json-size.ts';
import { OUTPUT_IN_HISTORY, SMALL_OUTPUT } from '../../limits.ts';
import { owned, weigh } from '../../weigh.ts';
import { isWhole } from './envelope.ts';
import type { Frame, FramePart, Run } from './state.ts';
import { follows } from './versions.ts';

/** What a body and each of its nodes take before anything has started, and what a step takes apart from its values. */
const FRAME = 500;
const NODE = 60;
const STEP = 300;
/** Bytes weighed per unit of fuel, because values are walked through and written as JSON when a step ends. */
const WEIGHED_PER_FUEL = 8;
/** A character takes at most six bytes of JSON. */
const JSON_PER_BYTE = 6;

/** Whether a run counts what it holds. */
const counts = (run: Run): boolean => follows(run, 'bytesCount');

/** The weight of values, which the run pays for with fuel. */
export function measure(run: Run, ...values: readonly unknown[]): number {
  if (!counts(run)) return 0;
  let bytes = 0;
  for (const value of values) bytes += weigh(value);
  run.state.fuelUsed += Math.floor(bytes / WEIGHED_PER_FUEL);
  return bytes;
}

/** Counts bytes that a run holds (or, if negative, has let go), until the frame they belong to is dropped. */
export function hold(run: Run, bytes: number, frame?: Frame): void {
  if (!counts(run)) return;
  run.state.bytes = Math.max(0, (run.state.bytes ?? 0) + bytes);
  if (frame) frame.bytes = (frame.bytes ?? 0) + bytes;
}

export const holdStep = (run: Run, frame: Frame): void => hold(run, STEP, frame);

export const holdFrame = (run: Run, frame: Frame, nodes: number): void => hold(run, FRAME + nodes * NODE, frame);

/** Everything that was counted for a frame is gone with it. */
export const letGo = (run: Run, frame: Frame): void => hold(run, -(frame.bytes ?? 0));

/** A value that the run keeps, without hidden memory. */
export const ownValue = (run: Run, value: unknown): unknown => (counts(run) ? owned(value) : value);

/** True if the run holds all that it may: no further step starts. What cleans up afterwards may hold as much again. */
export const isFull = ({ state, limits }: Run, part?: FramePart): boolean =>
  (state.bytes ?? 0) > limits.bytes * (part === 'catch' || part === 'finally' ? 2 : 1);

/** True if the run holds so much that loops begin one item at a time, and few effects are in flight. */
export const isCrowded = ({ state, limits }: Run, share = 1 / 2): boolean => (state.bytes ?? 0) > limits.bytes * share;

/**
 * True if a value is to be stored, and kept as a reference. Once a run holds a lot, smaller values are stored, too. A
 * value that has references in it is kept as it is: what it refers to may be too large to be put together.
 */
export function isToStore(run: Run, value: unknown): boolean {
  if (!counts(run)) return false;
  const most = (run.state.bytes ?? 0) > run.limits.bytes / 4 ? SMALL_OUTPUT : OUTPUT_IN_HISTORY;
  return weigh(value) * JSON_PER_BYTE > most && exceeds(value, most) && isWhole(value);
}
