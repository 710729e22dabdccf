/** One change of a text: what stands between two offsets becomes something else. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Applies edits that do not overlap; of several at one offset, the first comes first. Null if some do overlap. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string | null {
  const sorted = inOrder(edits);
  let result = '';
  let done = 0;
  for (const { start, end, text: put } of sorted) {
    if (start < done) return null;
    result += text.slice(done, start) + put;
    done = end;
  }
  return result + text.slice(done);
}

/** Edits by their place in the text; what is inserted at an offset comes before what is removed there. */
export function inOrder(edits: readonly TextEdit[]): TextEdit[] {
  const indexed = edits.map((edit, index) => ({ edit, index }));
  indexed.sort((a, b) => a.edit.start - b.edit.start || a.edit.end - b.edit.end || a.index - b.index);
  return indexed.map(({ edit }) => edit);
}
