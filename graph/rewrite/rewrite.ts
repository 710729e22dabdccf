import { sameJson } from '../diff/entries.ts';
import { readJson } from '../document/read-json.ts';
import { readYaml, readYamlNodes } from '../document/read-yaml.ts';
import type { Json } from '../json.ts';
import { changeValue } from './change.ts';
import { applyEdits, inOrder, type TextEdit } from './edits.ts';
import { removedNodes } from './pool.ts';
import { blockText, type Reuse } from './render.ts';

/**
 * A text of YAML or JSON that says another value. Whatever says the same stays as it is written, comments included.
 *
 * @example rewriteText('a: 1 # one\nb: 2\n', { a: 3, b: 2 }) // 'a: 3 # one\nb: 2\n'
 */
export function rewriteText(text: string, value: Json): string {
  const edits = rewriteEdits(text, value);
  return edits === null ? freshText(text, value) : applyEdits(text, edits)!;
}

/** The edits that make a text say another value; null if they could not be found. */
export function rewriteEdits(text: string, value: Json): TextEdit[] | null {
  const isJson = isJsonText(text);
  const read = readYamlNodes(text);
  if (read === null) return null;
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const before = read.value as Json;
  const edits: TextEdit[] = [];
  const style = { json: isJson };
  const reuse = isJson ? () => null : reusing(text, read, value);
  const indent = isJson ? null : 0;
  changeValue({ text, newline, style, edits, reuse }, read.root, before, value, { from: 0, indent });
  const found = inOrder(edits).map((edit) => ({ ...edit, text: edit.text.replaceAll(/\r?\n/g, newline) }));
  const result = applyEdits(text, found);
  return result !== null && says(result, value, isJson) ? found : null;
}

/** The value written anew: comments are lost, but nothing else. */
function freshText(text: string, value: Json): string {
  if (isJsonText(text)) return `${JSON.stringify(value, null, 2)}\n`;
  return writeYaml(value);
}

/** A value as the text of a YAML document. */
export const writeYaml = (value: Json): string => `${blockText(value, 0, { json: false }, () => null).trimStart()}\n`;

const isJsonText = (text: string): boolean => /^\uFEFF?\s*\{/.test(text) && readJson(text).place !== undefined;

function says(text: string, value: Json, isJson: boolean): boolean {
  const { value: read, problems } = isJson ? readJson(text) : readYaml(text);
  return problems.length === 0 && sameJson(read as Json, value);
}

/** Finds the lines of a node that stands elsewhere now, and rewrites them to what it says there. */
function reusing(text: string, read: NonNullable<ReturnType<typeof readYamlNodes>>, value: Json): Reuse {
  const removed = removedNodes(text, read.root, read.value as Json, value);
  return (key, wanted, indent) => {
    const index = removed.findIndex(
      (each) => each.key === key && (wanted as { uses?: Json } | null)?.uses === each.value.uses,
    );
    if (index < 0) return null;
    const [found] = removed.splice(index, 1);
    const edits = rewriteEdits(found!.text, { [key]: wanted });
    if (edits === null) return null;
    const lines = applyEdits(found!.text, edits)!.trimEnd().split('\n');
    return lines.map((line, at) => (at === 0 || line === '' ? line : ' '.repeat(indent) + line)).join('\n');
  };
}
