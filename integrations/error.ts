import type { Json } from '../graph/json.ts';

/**
 * A node's failure, classified. Codes are dotted words (`http.404`, `smtp.rejected`, `input.invalid`).
 *
 * @example throw new NodeError('http.429', 'Too many requests', { retryable: true, retryAfterMs: 2000 });
 */
export class NodeError extends Error {
  override readonly name = 'NodeError';
  readonly code: string;
  /** The node may be tried again. */
  readonly retryable: boolean;
  /** The effect may have happened, because the answer was lost. */
  readonly unknown: boolean;
  readonly retryAfterMs: number | undefined;
  /**
   * Nothing was done, because the step waits for something: it comes again after `retryAfterMs`, and its attempts and its
   * timeout do not count meanwhile.
   */
  readonly waits: boolean;
  readonly details: Json | undefined;

  constructor(
    code: string,
    message: string,
    options: {
      retryable?: boolean;
      unknown?: boolean;
      retryAfterMs?: number;
      waits?: boolean;
      details?: Json;
      cause?: unknown;
    } = {},
  ) {
    super(message, { cause: options.cause });
    this.code = code;
    this.retryable = options.retryable ?? false;
    this.unknown = options.unknown ?? false;
    this.retryAfterMs = options.retryAfterMs;
    this.waits = options.waits ?? false;
    this.details = options.details;
  }
}
