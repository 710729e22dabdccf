import { z } from 'zod';
import { ONE_SOURCE, oneSource, sourceFields } from '../../parsing/source.ts';

/** A list of documents, each named in one of the usual ways. */
export const attached = (what: string) =>
  z.array(z.strictObject(sourceFields()).refine(oneSource, ONE_SOURCE)).max(50).default([]).describe(what);

/** Errors of nodes with images or files. */
export const attachmentErrors = {
  'document.kind': 'An image is of a format that models do not take, or a file is neither a PDF nor text.',
  'document.tooLarge': 'The images and files together are too large for one request.',
} as const;
