import { DataError } from '../../data/index.ts';
import { ExpressionError } from '../../expression/runtime.ts';
import type { Json } from '../../json.ts';
import { PREVIEW_IN_RECORD } from '../../limits.ts';
import { owned } from '../../weigh.ts';
import type { Step } from '../state/step.ts';
import type { RunError } from '../state/types.ts';

/** A failure of a node that the reducer itself detects: bad parameters, `fail`, limits. */
export class StepFailure extends Error {
  readonly code: string;
  readonly details: Json | undefined;
  constructor(code: string, message: string, details?: Json) {
    super(message);
    this.code = code;
    this.details = details;
  }
}

/** Thrown when an activity has to compute a value; the node goes on when the value arrives. */
export class Suspended extends Error {}

/** Longest message of an error, and longest JSON of its details, in characters, because every answer carries errors. */
const MESSAGE = 4_000;
const DETAILS = 16_384;

/** A message cut to the length that an error may have. */
export const clipped = (message: string, limit = MESSAGE): string =>
  message.length <= limit ? message : owned(`${message.slice(0, limit - 1)}…`);

/** Details of an error; details that are too long are replaced by their length and their beginning. */
export function boundedDetails(details: Json): Json {
  const text = JSON.stringify(details);
  return text.length <= DETAILS ? details : { size: text.length, preview: owned(text.slice(0, PREVIEW_IN_RECORD)) };
}

/** An error that the interpreter itself reports about a step. */
export const failure = (code: string, message: string, step: string, node: string): RunError => ({
  code,
  message: clipped(message),
  step,
  node,
  attempts: 1,
  unknown: false,
});

/** Turns what was thrown while a node ran in the workflow into the error of its step. */
export function errorOf(thrown: unknown, { path }: Pick<Step, 'path'>, node: string): RunError {
  if (thrown instanceof StepFailure) {
    const { code, message, details } = thrown;
    return {
      ...failure(code, message, path, node),
      ...(details === undefined ? {} : { details: boundedDetails(details) }),
    };
  }
  if (thrown instanceof ExpressionError) return failure('expression', thrown.message, path, node);
  if (thrown instanceof DataError) return failure(thrown.code, thrown.message, path, node);
  return failure('interpreter', thrown instanceof Error ? thrown.message : String(thrown), path, node);
}

/** The part of an error that a `cause` needs. */
export const causeOf = (error: RunError): Json => ({
  code: error.code,
  message: clipped(error.message, 500),
  step: error.step,
});
