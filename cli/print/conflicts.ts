import type { Json } from '../../graph/json.ts';
import type { Conflict } from '../../graph/merge/index.ts';
import { problemLines } from './problems.ts';

/** Longest value that is shown. */
const MOST = 80;

/** Conflicts of a merge, a line or two each. */
export function conflictLines(file: string, conflicts: readonly Conflict[]): string[] {
  return conflicts.flatMap((conflict) => {
    if (conflict.problem !== undefined) return problemLines(file, [conflict.problem]);
    return [`${file} ${conflict.path} ${WORDS[conflict.kind](conflict)}`];
  });
}

const WORDS: Readonly<Record<Conflict['kind'], (conflict: Conflict) => string>> = {
  changed: ({ base, ours, theirs }) => `was ${show(base)}; ours says ${show(ours)}, theirs ${show(theirs)}`,
  added: ({ ours, theirs }) => `was added by both: ours says ${show(ours)}, theirs ${show(theirs)}`,
  deleted: ({ ours }) =>
    ours === undefined ? 'is deleted by ours, changed by theirs' : 'is deleted by theirs, changed by ours',
  renamed: ({ base, ours, theirs }) => `was ${show(base)}; ours calls it ${show(ours)}, theirs ${show(theirs)}`,
  moved: ({ ours, theirs }) => `is moved to ${show(ours)} by ours, to ${show(theirs)} by theirs`,
  order: ({ ours, theirs }) => `the order counts: ours is ${show(ours)}, theirs ${show(theirs)}`,
  invalid: () => 'both sides are valid, but not together',
};

function show(value: Json | undefined): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > MOST ? `${text.slice(0, MOST)}…` : text;
}
