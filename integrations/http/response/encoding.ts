import { declaredEncoding, decodeText, encodingOfMark, encodingOfMeta, isEncoding } from '../../text-encoding.ts';
import type { HttpResponse } from '../message.ts';
import { notText } from './body-error.ts';

/** An encoding, and the part of the answer that declares it, worded for an error message. */
interface Declared {
  readonly name: string;
  readonly by: string;
}

/** How many bytes of a document are searched for its encoding (HTML, 13.2.3.2). */
const PRESCANNED = 1024;

/** What the author can do if letters cannot be decoded. */
const REMEDY =
  'Name its encoding in "encoding", such as windows-1252, or take its bytes with "responseAs: base64" or "responseAs: blob"';

/**
 * The text of a body, in the encoding that the author names, else in the one that the answer declares: by a byte order
 * mark, the charset of its content type, the XML declaration or the meta element of the document. The default is UTF-8.
 *
 * @throws NodeError `http.notText`: no letter is ever replaced by another.
 */
export function textOf(response: HttpResponse, bytes: Buffer, asked: string | undefined): string {
  const declared = asked === undefined ? declaredIn(response, bytes) : { name: asked, by: '"encoding"' };
  // An unknown name counts as no name.
  const { name, by } = declared !== null && isEncoding(declared.name) ? declared : { name: 'utf-8', by: '' };
  const text = decodeText(bytes, name);
  if (text !== null) return text;
  if (by !== '') throw notText(response, `its bytes are not ${name}, as ${by} says. ${REMEDY}`);
  const unknown = declared && `${declared.by} says ${JSON.stringify(declared.name)}, which is no encoding Blok knows`;
  throw notText(response, `it is not UTF-8, and ${unknown ?? 'it says no other encoding'}. ${REMEDY}`);
}

/** True if a body without a content type is text. */
export function looksLikeText(response: HttpResponse, bytes: Buffer): boolean {
  return decodeText(bytes, declaredIn(response, bytes)?.name ?? 'utf-8') !== null;
}

/** The text of a body for people to read: bytes that cannot be decoded are replaced. */
export function roughText(response: HttpResponse, bytes: Buffer): string {
  const name = declaredIn(response, bytes)?.name ?? 'utf-8';
  return new TextDecoder(isEncoding(name) ? name : 'utf-8').decode(bytes);
}

function declaredIn({ headers }: HttpResponse, bytes: Buffer): Declared | null {
  const contentType = headers['content-type'] ?? '';
  const mark = encodingOfMark(bytes);
  if (mark !== null) return { name: mark, by: 'its byte order mark' };
  const charset = /;\s*charset\s*=\s*["']?([^\s;"']+)/i.exec(contentType)?.[1];
  if (charset !== undefined) return { name: charset, by: 'its content type' };
  return inDocument(contentType, bytes);
}

function inDocument(contentType: string, bytes: Buffer): Declared | null {
  const start = bytes.subarray(0, PRESCANNED).toString('latin1');
  // An XML declaration in UTF-16 is recognised by its zero bytes, with or without a mark (XML 1.0, appendix F).
  if (start.startsWith('<\0?\0')) return { name: 'utf-16le', by: 'its XML declaration' };
  if (start.startsWith('\0<\0?')) return { name: 'utf-16be', by: 'its XML declaration' };
  const xml = /^\s*<\?xml\s[^>]*?\bencoding\s*=\s*["']([^"']+)["']/.exec(start)?.[1];
  if (xml !== undefined) return { name: declaredEncoding(xml), by: 'its XML declaration' };
  if (!/^(text\/html|application\/xhtml\+xml)\b/i.test(contentType) && !/^\s*<(!doctype\s+html|html)\b/i.test(start))
    return null;
  const meta = encodingOfMeta(start);
  return meta === null ? null : { name: declaredEncoding(meta), by: 'its meta element' };
}
