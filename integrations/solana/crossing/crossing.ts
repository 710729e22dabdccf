import { isBack, isBeyond, type Line, type Range } from './line.ts';

/** What a watch remembers of a line. */
export type LineState = {
  /** The value went beyond the threshold, and has not gone back far enough since. */
  readonly isBeyond: boolean;
  /** This crossing has started its run, or began before the watch did. */
  readonly isTold: boolean;
  /** How many crossings have started a run. */
  readonly count: number;
  /** When the last of them did: milliseconds since 1970. */
  readonly toldAt: number | null;
};

/** One look at a value. */
export interface Look {
  readonly range: Range;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly coolDownMs: number;
}

/**
 * What a first look finds.
 *
 * @param tellsOld a value that is beyond the threshold already counts as a crossing
 */
export const begun = (line: Line, range: Range, tellsOld: boolean): LineState => ({
  isBeyond: isBeyond(line, range),
  isTold: !tellsOld,
  count: 0,
  toldAt: null,
});

/**
 * What a look makes of a line. A crossing within the cool-down is told at its end if the value is still beyond the threshold
 * then, and otherwise not at all.
 */
export function looked(line: Line, before: LineState, { range, now, coolDownMs }: Look): LineState {
  const isOver = isBeyond(line, range);
  const stays = before.isBeyond && !isBack(line, range);
  const isTold = stays && before.isTold;
  // A clock that was set back must not silence a watch for longer than the cool-down.
  const hasCooled = before.toldAt === null || Math.abs(now - before.toldAt) >= coolDownMs;
  if (isOver && !isTold && hasCooled) return { isBeyond: true, isTold: true, count: before.count + 1, toldAt: now };
  return { ...before, isBeyond: isOver || stays, isTold };
}
