import { describe, expect, it } from 'vitest';
import { NodeError } from '../error.ts';
import { fakeContext, runNode } from '../testing/run-node.ts';
import { csvFiles, htmlFiles, imageFiles, mailFiles, otherFiles, plainFiles, rtfFiles } from './testing/flat-files.ts';
import { archiveFiles, pdfFiles, slideFiles, wordFiles, workbookFiles } from './testing/packed-files.ts';
import { text } from './text.ts';

/**
 * Files as they arrive: with wrong names, encrypted, empty, broken, enormous, in many languages. Each gives its text, or an
 * error whose code says what it is; and each costs only its own step.
 */
const FILES = {
  csv: csvFiles(),
  html: htmlFiles(),
  mail: mailFiles(),
  rtf: rtfFiles(),
  text: plainFiles(),
  images: imageFiles(),
  others: otherFiles(),
  pdf: pdfFiles(),
  word: wordFiles(),
  slides: slideFiles(),
  workbooks: workbookFiles(),
  archives: archiveFiles(),
};

/** The text of a file, or the code of the error. */
async function outcomeOf(bytes: Uint8Array): Promise<string> {
  const ctx = fakeContext();
  await ctx.files.write('in/file.dat', bytes, null);
  try {
    const read = await runNode(text, ctx, { path: 'in/file.dat' });
    return `${read.kind}: ${read.text}`;
  } catch (error) {
    if (!(error instanceof NodeError)) throw error;
    expect(error.retryable).toBe(false);
    expect(error.message).toMatch(/^[A-Z].*[.:?\w)"]$/s);
    return error.code;
  }
}

it('the corpus has at least sixty files', () => {
  expect(Object.values(FILES).flatMap((files) => Object.keys(files)).length).toBeGreaterThanOrEqual(60);
});

describe.each(Object.entries(FILES))('%s', (_, files) => {
  it.each(Object.entries(files))(
    '%s',
    async (_name, [bytes, expected]) => {
      const outcome = await outcomeOf(bytes);
      if (expected.startsWith('document.')) expect(outcome).toBe(expected);
      else expect(outcome.replaceAll(/\s+/g, ' ')).toContain(expected);
    },
    180_000,
  );
});
