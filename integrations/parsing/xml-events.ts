import { SaxesParser } from 'saxes';
import { DocumentError } from './program.ts';

/** What is told about an XML text, in its order. */
export interface XmlEvents {
  open?(name: string, attributes: Readonly<Record<string, string>>): void;
  text?(text: string): void;
  close?(name: string): void;
}

/** Deepest nesting of elements: every later reader of what is read can walk this deep. */
const MAX_DEPTH = 200;

/**
 * Reads an XML text, strictly. No entity is expanded but the five that XML has: an entity of a document's own can name a
 * file, or grow to gigabytes.
 *
 * @throws DocumentError `document.broken` with line and column
 */
export function readXml(text: string, events: XmlEvents): void {
  const parser = new SaxesParser();
  let depth = 0;
  parser.on('error', ({ message }) => {
    throw new DocumentError('document.broken', `the XML is not well-formed at ${message.replace(/\.$/, '')}`);
  });
  parser.on('doctype', (doctype) => {
    if (/<!ENTITY/i.test(doctype)) {
      throw new DocumentError('document.broken', 'the XML declares entities of its own, which are not read');
    }
  });
  parser.on('opentag', ({ name, attributes }) => {
    depth += 1;
    if (depth > MAX_DEPTH) {
      throw new DocumentError('document.broken', `the XML is nested deeper than ${MAX_DEPTH} levels`);
    }
    events.open?.(name, attributes as Record<string, string>);
  });
  parser.on('closetag', ({ name }) => {
    depth -= 1;
    events.close?.(name);
  });
  parser.on('text', (part) => events.text?.(part));
  parser.on('cdata', (part) => events.text?.(part));
  parser.write(text).close();
}

/** A name without the prefix of its namespace. */
export const localName = (name: string): string => name.slice(name.indexOf(':') + 1);
