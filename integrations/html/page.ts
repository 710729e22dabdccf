import { gfm } from '@joplin/turndown-plugin-gfm';
import { load } from 'cheerio/slim';
import { convert } from 'html-to-text';
import TurndownService from 'turndown';
import { decode } from '../parsing/decode.ts';
import { DocumentError } from '../parsing/program.ts';
import { declaredEncoding, encodingOfMark, encodingOfMeta, isEncoding } from '../text-encoding.ts';

/** The text of a page as people read it. */
export const htmlToText = (html: string): string =>
  convert(html, {
    wordwrap: false,
    limits: { maxInputLength: 1 << 26 },
    selectors: [
      { selector: 'a', options: { ignoreHref: true } },
      ...['img', 'title', 'script', 'style', 'template'].map((selector) => ({ selector, format: 'skip' })),
      ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, options: { uppercase: false } })),
      { selector: 'table', format: 'dataTable', options: { uppercaseHeaderCells: false, maxColumnWidth: 10_000 } },
    ],
  }).trim();

/** A page as Markdown, tables included. */
export function htmlToMarkdown(html: string): string {
  const service = new TurndownService({ headingStyle: 'atx', codeBlockStyle: 'fenced', bulletListMarker: '-' });
  service.use(gfm);
  service.remove(['script', 'style', 'template', 'noscript', 'iframe', 'head']);
  return service.turndown(html).trim();
}

/** Deepest nesting of elements: the libraries that read pages walk into it step by step, and take minutes to find that they cannot. */
const MAX_DEPTH = 1_000;

/** @throws DocumentError `document.broken` for a page that no reader could walk through */
export function requireShallow(html: string): void {
  let level: readonly unknown[] = load(html).root().toArray();
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_DEPTH)
      throw new DocumentError('document.broken', `the page is nested deeper than ${MAX_DEPTH} levels`);
    level = level.flatMap((node) => (node as { children?: unknown[] }).children ?? []);
  }
}

/**
 * Bytes of a page as text, in the encoding that they declare.
 *
 * @throws DocumentError `document.encoding`, `document.kind`, `document.broken`
 */
export function decodeHtml(bytes: Buffer, named?: string): { text: string; encoding: string } {
  const decoded = decode(bytes, named ?? encodingOfMark(bytes) ?? declared(bytes));
  requireShallow(decoded.text);
  return decoded;
}

function declared(bytes: Buffer): string | null {
  const head = bytes.toString('latin1', 0, 4096);
  const found = encodingOfMeta(head) ?? xmlEncoding(head);
  return found !== undefined && isEncoding(found) ? declaredEncoding(found) : null;
}

const xmlEncoding = (head: string): string | undefined => /^\s*<\?xml[^>]*\sencoding=["']([\w.-]+)["']/.exec(head)?.[1];
