import { randomBytes } from 'node:crypto';
import type { Json } from '../../../graph/json.ts';
import type { Polled, PollRequest } from '../../define-trigger.ts';
import { toMs } from '../../schema.ts';
import { parseDecimal } from '../notation/decimal.ts';
import { begun, type LineState, looked } from './crossing.ts';
import type { CrossingInput } from './fields.ts';
import { type Direction, type Line, lineOf, type Range } from './line.ts';

/** Where a watch of a value is. */
export type CrossingCursor = {
  /** Names this watch: one that begins anew must not start with the keys of the one before. */
  readonly watch: string;
  readonly lines: { readonly [D in Direction]?: LineState };
};

/** What was crossed. */
export interface Crossed {
  readonly crossed: Direction;
  readonly threshold: string;
  /** Counts the crossings of this watch that started runs, from 1. */
  readonly number: number;
}

/**
 * Compares a value with the lines of a watch: one item for each line that was crossed. Its key is the number of the crossing, so
 * a look that is repeated starts no second run.
 */
export function crossings<I extends Json>(
  { with: given, cursor, from }: PollRequest<CrossingInput, CrossingCursor>,
  { range, item, now }: { readonly range: Range; readonly item: (crossed: Crossed) => I; readonly now: number },
): Polled<I, CrossingCursor> {
  const watch = cursor?.watch ?? randomBytes(9).toString('base64url');
  const look = { range, now, coolDownMs: toMs(given.coolDown) };
  const lines: { [D in Direction]?: LineState } = {};
  const items = [];
  for (const line of linesOf(given)) {
    const { direction } = line;
    const before = cursor?.lines[direction];
    const after = before ? looked(line, before, look) : first(line, look, from);
    lines[direction] = after;
    if (after.count === (before?.count ?? 0)) continue;
    const { threshold } = given;
    items.push({
      key: `${watch}/${direction}/${after.count}`,
      item: item({ crossed: direction, threshold, number: after.count }),
    });
  }
  return { items, cursor: { watch, lines } };
}

/** The first look only takes the side, unless it is to tell what is there already. */
function first(line: Line, look: Parameters<typeof looked>[2], from: 'now' | 'beginning'): LineState {
  const state = begun(line, look.range, from === 'beginning');
  return state.isTold ? state : looked(line, state, look);
}

function linesOf({ threshold, crosses, hysteresis }: CrossingInput): Line[] {
  const directions: readonly Direction[] = crosses === 'either' ? ['above', 'below'] : [crosses];
  return directions.map((direction) => lineOf(direction, parseDecimal(threshold)!, hysteresis));
}
