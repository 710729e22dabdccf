import { NodeError } from '../error.ts';
import type { ModelUsage } from '../spending.ts';

/** A call that failed although it used something: the provider began an answer and could not end it. */
export class ChargedError extends NodeError {
  readonly usage: ModelUsage;
  /** Of the answer, or null. */
  readonly id: string | null;

  constructor(
    code: string,
    message: string,
    { usage, id, ...options }: { usage: ModelUsage; id: string | null; retryable?: boolean },
  ) {
    super(code, message, options);
    this.usage = usage;
    this.id = id;
  }
}
