/**
 * The store cannot do what the caller asked for, and asking again in the same way will not help.
 *
 * Codes: `kv.conflict`, `kv.keyInvalid`, `file.pathInvalid`, `connection.notFound`, `connection.unreadable`,
 * `blob.notFound`, `workspace.invalid`, `held.tooMany`, `budget.exceeded`, `budget.unpriced`, `prompt.changed`.
 */
export class DataError extends Error {
  override readonly name = 'DataError';
  readonly code: string;

  constructor(code: string, message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.code = code;
  }
}
