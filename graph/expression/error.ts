/**
 * Why an evaluation stopped, as a stable word:
 * `null-read` a property of null was read · `unknown-name` no such name in scope · `type` a value of the wrong kind ·
 * `argument` a value out of range · `condition` a condition that is not true, false or null · `not-finite` a result
 * that JSON cannot hold · `fuel` too much work · `too-large` a text or list over its cap · `depth` nested too deep ·
 * `internal` a bug in the engine.
 */
export type ExpressionReason =
  | 'null-read'
  | 'unknown-name'
  | 'type'
  | 'argument'
  | 'condition'
  | 'not-finite'
  | 'fuel'
  | 'too-large'
  | 'depth'
  | 'internal';

/** An expression could not be evaluated. Never retried, because the same data gives the same error. */
export class ExpressionError extends Error {
  override readonly name = 'ExpressionError';
  readonly code = 'expression';
  readonly reason: ExpressionReason;
  /** Character offset in the source of the expression, if known. */
  readonly position: number | undefined;

  constructor(reason: ExpressionReason, message: string, position?: number) {
    super(message);
    this.reason = reason;
    this.position = position;
  }
}

/** Throws an `ExpressionError`. It is a function, so that a throw can stand within a conditional expression. */
export function fail(reason: ExpressionReason, message: string, position?: number): never {
  throw new ExpressionError(reason, message, position);
}
