import { DocumentError } from '../parsing/program.ts';

/** How JSON becomes XML. */
export interface WriteOptions {
  readonly root: string;
  readonly value: unknown;
  readonly indent: boolean;
  readonly declaration: boolean;
}

const NAME = /^[\p{L}_][\p{L}\p{N}_.\-·]*(:[\p{L}_][\p{L}\p{N}_.\-·]*)?$/u;
const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#13;',
};

/** An XML text. `@name` is an attribute, `#text` the text beside it, a list repeats its element. */
export function toXml({ root, value, indent, declaration }: WriteOptions): string {
  const head = declaration ? `<?xml version="1.0" encoding="UTF-8"?>\n` : '';
  return `${head}${element(root, value, indent ? '\n' : '')}\n`;
}

/** @param newline the line break and indentation before the element; empty: none */
function element(name: string, value: unknown, newline: string): string {
  if (!NAME.test(name)) throw refused(`${JSON.stringify(name)} is not a name of XML`);
  if (Array.isArray(value))
    throw refused(`the list ${JSON.stringify(name)} holds a list, which has no name of its own`);
  if (value === null || value === undefined || value === '') return `<${name}/>`;
  if (typeof value !== 'object') return `<${name}>${escaped(String(value))}</${name}>`;
  const fields = Object.entries(value);
  const attributes = fields
    .filter(([key]) => key.startsWith('@'))
    .map(([key, entry]) => attribute(key.slice(1), entry))
    .join('');
  const inner = newline === '' ? '' : `${newline}  `;
  const children = fields
    .filter(([key]) => !key.startsWith('@') && key !== '#text')
    .flatMap(([key, entry]) =>
      (Array.isArray(entry) ? entry : [entry]).map((one) => `${inner}${element(key, one, inner)}`),
    );
  const text = Object.hasOwn(value, '#text') ? escaped(String((value as Record<string, unknown>)['#text'] ?? '')) : '';
  if (children.length === 0 && text === '') return `<${name}${attributes}/>`;
  return `<${name}${attributes}>${text}${children.join('')}${children.length > 0 ? newline : ''}</${name}>`;
}

function attribute(name: string, value: unknown): string {
  if (!NAME.test(name)) throw refused(`${JSON.stringify(name)} is not a name of XML`);
  if (typeof value === 'object' && value !== null) throw refused(`the attribute ${JSON.stringify(name)} is not a text`);
  return ` ${name}="${escaped(String(value ?? ''))
    .replaceAll('\n', '&#10;')
    .replaceAll('\t', '&#9;')}"`;
}

function escaped(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  const bad = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.exec(text);
  if (bad || !text.isWellFormed()) {
    throw refused(`the text ${JSON.stringify(text.slice(0, 60))} holds a character that XML cannot hold`);
  }
  return text.replaceAll(/[&<>"\r]/g, (letter) => ENTITIES[letter]!);
}

const refused = (why: string): DocumentError =>
  new DocumentError('document.value', `The XML cannot be written: ${why}.`);
