import { createHash } from 'node:crypto';

/** The ETag of a draft: it follows from the text, so that whoever sends the same again has the same. */
export const draftEtag = (text: string): string =>
  `"${createHash('sha256').update(Buffer.from(text, 'utf16le')).digest('hex').slice(0, 32)}"`;
