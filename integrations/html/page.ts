import { gfm } from '@joplin/turndown-plugin-gfm';
import { convert } from 'html-to-text';
import TurndownService from 'turndown';
import { decode } from '../parsing/decode.ts';
import { declaredEncoding, encodingOfMark, encodingOfMeta, isEncoding } from '../text-encoding.ts';

/** The text of a page as people read it. */
export const htmlToText = (html: string): string =>
  convert(html, {
    wordwrap: false,
    limits: { maxInputLength: 1 << 26 },
    selectors: [
      { selector: 'a', options: { ignoreHref: true } },
      ...['img', 'title', 'script', 'style'].map((selector) => ({ selector, format: 'skip' })),
      ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, options: { uppercase: false } })),
      { selector: 'table', format: 'dataTable', options: { uppercaseHeaderCells: false, maxColumnWidth: 10_000 } },
    ],
  }).trim();

/** A page as Markdown, tables included. */
export function htmlToMarkdown(html: string): string {
  const service = new TurndownService({ headingStyle: 'atx', codeBlockStyle: 'fenced', bulletListMarker: '-' });
  service.use(gfm);
  service.remove(['script', 'style', 'noscript', 'iframe', 'head']);
  return service.turndown(html).trim();
}

/** Bytes of a page as text, in the encoding that they declare. */
export function decodeHtml(bytes: Buffer, named?: string): { text: string; encoding: string } {
  return decode(bytes, named ?? encodingOfMark(bytes) ?? declared(bytes));
}

function declared(bytes: Buffer): string | null {
  const head = bytes.toString('latin1', 0, 4096);
  const found = encodingOfMeta(head) ?? xmlEncoding(head);
  return found !== undefined && isEncoding(found) ? declaredEncoding(found) : null;
}

const xmlEncoding = (head: string): string | undefined => /^\s*<\?xml[^>]*\sencoding=["']([\w.-]+)["']/.exec(head)?.[1];
