import { type ProblemCode, problem } from '../problems/codes.ts';
import type { Problem } from '../problems/problem.ts';
import { type Place, type Position, positionIn } from './source.ts';

/**
 * What a reader of YAML or JSON found: the value with the places of its parts, or why there is none. If there are both
 * a value and problems, the value lacks the parts with problems, so that checks can continue with it.
 */
export interface Reading {
  readonly value?: unknown;
  readonly place?: Place;
  readonly problems: readonly Problem[];
}

/** Reports a problem of the text itself, at an offset. */
export type Report = (code: ProblemCode, offset: number, message: string, path?: string, hint?: string) => void;

/** Collects problems of a text with their positions. */
export function createReport(text: string): { readonly report: Report; readonly problems: Problem[] } {
  const problems: Problem[] = [];
  let toPosition: ((offset: number) => Position) | undefined;
  return {
    problems,
    report(code, offset, message, path = '', hint) {
      toPosition ??= positionIn(text);
      problems.push({
        ...problem(code, path, message, hint),
        ...toPosition(Math.min(Math.max(offset, 0), text.length)),
      });
    },
  };
}

/** Whether a text holds half a surrogate pair, which UTF-8 cannot encode. */
export function isBrokenText(text: string): boolean {
  return !text.isWellFormed();
}
