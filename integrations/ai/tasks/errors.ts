import { CODES } from '../../parsing/failures.ts';
import { sourceErrors } from '../../parsing/source.ts';
import { modelErrors } from '../policy.ts';

const cut = { 'ai.cut': 'The answer was cut off at its limit, even for a small part.' } as const;

/** Errors of nodes whose answers have a shape. */
export const shapeErrors = {
  ...modelErrors,
  ...cut,
  'ai.invalid': 'The answer does not have the shape that is asked for, even after two corrections.',
  'ai.tooLong': 'The text is too long to be read in one piece.',
} as const;

/** Errors of nodes for which a model writes text. */
export const writingErrors = {
  ...modelErrors,
  ...cut,
  'ai.noAnswer': 'The model wrote nothing. It is asked again a few times.',
} as const;

/** Errors of nodes that take an image or a recording. */
export const mediaErrors = {
  ...sourceErrors,
  'document.kind': CODES['document.kind'],
  'document.tooLarge': CODES['document.tooLarge'],
} as const;

/** Errors of nodes that need vectors. */
export const vectorErrors = {
  ...modelErrors,
  'ai.invalid': 'The provider did not answer with vectors: the model may be none for them.',
  'ai.dimensions': 'The vectors do not all have the same number of values: they are of different models.',
} as const;
