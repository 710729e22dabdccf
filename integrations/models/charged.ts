import { NodeError } from '../error.ts';
import type { ModelUsage } from '../spending.ts';

/** A call that failed although it may have used something: the provider began an answer and could not end it. */
export class ChargedError extends NodeError {
  /** Null if the provider does not report it. */
  readonly usage: ModelUsage | null;
  /** Of the answer, or null. */
  readonly id: string | null;

  constructor(
    code: string,
    message: string,
    { usage, id, ...options }: { usage: ModelUsage | null; id: string | null; retryable?: boolean },
  ) {
    super(code, message, options);
    this.usage = usage;
    this.id = id;
  }
}

/** A call that was stopped because its step has ended. What the step ended with is what the worker is told. */
export class EndedEarly extends Error {
  readonly reason: unknown;
  readonly usage: ModelUsage | null;
  readonly id: string;

  constructor(reason: unknown, { usage, id }: { usage: ModelUsage | null; id: string }) {
    super('The step ended before its call.');
    this.reason = reason;
    this.usage = usage;
    this.id = id;
  }
}
