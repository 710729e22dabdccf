import { inOrder, type TextEdit } from './edits.ts';

/** What the two sides of a conflict are called. */
export interface SideNames {
  readonly ours: string;
  readonly theirs: string;
}

/**
 * A text with conflict markers, as Git writes them, around the lines that edits would change: first the lines as they
 * are, then as they would be. The text is no YAML until somebody has decided, so that nobody publishes it by accident.
 */
export function markEdits(text: string, edits: readonly TextEdit[], names: SideNames): string {
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  let result = '';
  let done = 0;
  for (const hunk of hunks(text, edits)) {
    const [before, ours, theirs, after] = trimmed(hunk.ours, hunk.theirs);
    result += text.slice(done, hunk.start) + before;
    result += `<<<<<<< ${names.ours}${newline}${closed(ours, newline)}=======${newline}`;
    result += `${closed(theirs, newline)}>>>>>>> ${names.theirs}${newline}${after}`;
    done = hunk.end;
  }
  return result + text.slice(done);
}

/** Whole lines of a text, and what edits make of them. */
interface Hunk {
  readonly start: number;
  readonly end: number;
  readonly ours: string;
  readonly theirs: string;
}

/** The lines that edits touch; edits of the same or neighbouring lines are one hunk. */
function hunks(text: string, edits: readonly TextEdit[]): Hunk[] {
  const found: Hunk[] = [];
  for (const edit of inOrder(edits)) {
    const last = found.at(-1);
    const end = Math.max(lineAfter(text, edit.end), last?.end ?? 0);
    const start = text.lastIndexOf('\n', edit.start - 1) + 1;
    if (last !== undefined && start <= last.end) {
      found.pop();
      // What lies between was not edited yet.
      const rest = text.slice(last.end, end);
      const theirs = last.theirs + rest;
      const at = theirs.length - (end - edit.start);
      const changed = theirs.slice(0, at) + edit.text + theirs.slice(at + edit.end - edit.start);
      found.push({ start: last.start, end, ours: text.slice(last.start, end), theirs: changed });
    } else {
      const theirs = text.slice(start, edit.start) + edit.text + text.slice(edit.end, end);
      found.push({ start, end, ours: text.slice(start, end), theirs });
    }
  }
  return found;
}

/** The offset behind the line break at or after an offset. */
function lineAfter(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end + 1;
}

/** Two texts without the lines that both begin and end with, and those lines. */
function trimmed(ours: string, theirs: string): [before: string, ours: string, theirs: string, after: string] {
  const [left, right] = [linesOf(ours), linesOf(theirs)];
  const least = Math.min(left.length, right.length);
  let head = 0;
  while (head < least && left[head] === right[head]) head += 1;
  let tail = 0;
  while (tail < least - head && left.at(-1 - tail) === right.at(-1 - tail)) tail += 1;
  const middle = (lines: readonly string[]): string => lines.slice(head, lines.length - tail).join('');
  return [left.slice(0, head).join(''), middle(left), middle(right), left.slice(left.length - tail).join('')];
}

const linesOf = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+/g) ?? [];

const closed = (text: string, newline: string): string => (text === '' || text.endsWith('\n') ? text : text + newline);
