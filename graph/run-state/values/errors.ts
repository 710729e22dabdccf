import { DataError } from '../../data/index.ts';
import { ExpressionError } from '../../expression/runtime.ts';
import type { Json } from '../../json.ts';
import type { Step } from '../state/step.ts';
import type { RunError } from '../state/types.ts';

/** A failure of a node that the reducer itself finds: bad parameters, `fail`, limits. */
export class StepFailure extends Error {
  readonly code: string;
  readonly details: Json | undefined;
  constructor(code: string, message: string, details?: Json) {
    super(message);
    this.code = code;
    this.details = details;
  }
}

/** A value is being computed by an activity; the node goes on when it arrives. */
export class Suspended extends Error {}

/** Longest message of an error, and most JSON of its details, in characters: errors travel with every answer. */
const MESSAGE = 4_000;
const DETAILS = 16_384;

/** A message no longer than what an error may carry. */
export const clipped = (message: string, limit = MESSAGE): string =>
  message.length <= limit ? message : `${message.slice(0, limit - 1)}…`;

/** Details of an error; too long ones by their length and how they begin. */
export function boundedDetails(details: Json): Json {
  const text = JSON.stringify(details);
  return text.length <= DETAILS ? details : { size: text.length, preview: text.slice(0, 1_000) };
}

/** An error of the interpreter's own about a step. */
export const failure = (code: string, message: string, step: string, node: string): RunError => ({
  code,
  message: clipped(message),
  step,
  node,
  attempts: 1,
  unknown: false,
});

/** What was thrown while a node ran in the workflow, as the error of its step. */
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

/** An error with no more than what a `cause` needs. */
export const causeOf = (error: RunError): Json => ({
  code: error.code,
  message: clipped(error.message, 500),
  step: error.step,
});
