import type { Json } from '../json.ts';

/** How new parts of a text are written. */
export interface Style {
  /** The text is JSON: keys and texts are quoted. */
  readonly json: boolean;
}

/** Longest list or map that is written on one line. */
const WIDTH = 90;

/** Texts that YAML reads as something else, if they are not quoted. */
const MEANT_OTHERWISE = /^(~|null|true|false|[-+]?\.(inf|nan))$/i;
const PLAIN = /^([A-Za-z_/][A-Za-z0-9_./@-]*( [A-Za-z0-9_./@-]+)*|(\d+(ms|[smhdw]))+)$/;

/** A text, number, boolean or null on one line, the same in every context. */
export function scalarText(value: Json, { json }: Style): string {
  if (typeof value !== 'string' || json) return JSON.stringify(value);
  return PLAIN.test(value) && !MEANT_OTHERWISE.test(value) ? value : JSON.stringify(value);
}

/** A value on one line. */
export function inlineText(value: Json, style: Style): string {
  if (value === null || typeof value !== 'object') return scalarText(value, style);
  if (Array.isArray(value)) return `[${value.map((item) => inlineText(item, style)).join(', ')}]`;
  const fields = Object.entries(value).map(([key, inner]) => `${keyText(key, style)}: ${inlineText(inner, style)}`);
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
}

/** A key as it is written. */
export const keyText = (key: string, style: Style): string =>
  /^[A-Za-z_][A-Za-z0-9_]*$/.test(key) ? scalarText(key, style) : JSON.stringify(key);

/** The old lines of a field that stood elsewhere, to be indented like the new place; null if there are none. */
export type Reuse = (key: string, value: Json, indent: number) => string | null;

/**
 * What follows `key:` or `-`: a space and a value on the same line, or the lines of a block, which are indented by
 * `indent` spaces.
 */
export function blockText(value: Json, indent: number, style: Style, reuse: Reuse): string {
  const lines = typeof value === 'string' && !style.json ? literalLines(value) : null;
  const pad = ' '.repeat(indent);
  if (lines !== null) {
    return ` ${lines[0]}${lines
      .slice(1)
      .map((line) => (line === '' ? '\n' : `\n${pad}${line}`))
      .join('')}`;
  }
  const inline = inlineText(value, style);
  if (value === null || typeof value !== 'object' || Object.keys(value).length === 0) return ` ${inline}`;
  if (indent + inline.length <= WIDTH && !isBlock(value)) return ` ${inline}`;
  if (Array.isArray(value)) return value.map((item) => `\n${pad}-${itemText(item, indent + 2, style, reuse)}`).join('');
  return Object.entries(value)
    .map(([key, inner]) => {
      const old = reuse(key, inner, indent);
      return `\n${pad}${old ?? `${keyText(key, style)}:${blockText(inner, indent + 2, style, reuse)}`}`;
    })
    .join('');
}

/** What follows the `-` of a list: the first field of a map stands on the same line. */
export function itemText(value: Json, indent: number, style: Style, reuse: Reuse): string {
  const text = blockText(value, indent, style, reuse);
  return text.startsWith('\n') ? ` ${text.slice(1 + indent)}` : text;
}

/** Whether something is better written on several lines: a text with line breaks, or a map of nodes. */
function isBlock(value: Json): boolean {
  if (typeof value === 'string') return literalLines(value) !== null;
  if (value === null || typeof value !== 'object') return false;
  return Object.values(value).some((inner) => isNode(inner) || isBlock(inner));
}

const isNode = (value: Json): boolean => typeof (value as { uses?: Json } | null)?.uses === 'string';

/** The lines of a literal block, its header first; null if the text is better quoted. */
function literalLines(text: string): string[] | null {
  const isPlain = /^\S/.test(text) && !/[^\n\P{C}]|[\u2028\u2029]|[ \t]$/mu.test(text);
  if (!isPlain || !text.trimEnd().includes('\n')) return null;
  const end = text.length - text.trimEnd().length;
  if (end > 1) return null;
  return [end === 1 ? '|' : '|-', ...(end === 1 ? text.slice(0, -1) : text).split('\n')];
}
