import type { JsonSchema } from './json.ts';

/** What a node promises about its effect on the world. */
export type Effect = 'read' | 'idempotent' | 'at-least-once' | 'exactly-once';

/** Retry policy with every field decided; durations are milliseconds. */
export interface RetryPolicy {
  /** Attempts in all, the first included. */
  readonly maxAttempts: number;
  readonly delayMs: number;
  readonly factor: number;
  readonly maxDelayMs: number;
  /** Limit of one attempt. */
  readonly attemptTimeoutMs: number;
  /** Error codes, or prefixes ending in `*`, that are never retried. */
  readonly giveUpOn: readonly string[];
}

/**
 * What the language must know of a node type to validate and compile a graph: facts only, no code.
 * The catalogue (`integrations/describe.ts`) derives them from each `defineNode`.
 */
export interface NodeFacts {
  /** `provider.verbNoun`, e.g. `http.request`. */
  readonly type: string;
  /** Semantic version; the plan pins it, and the activity type names the major version if it is above 1. */
  readonly version: string;
  readonly title: string;
  readonly effect: Effect;
  readonly input: JsonSchema;
  readonly output: JsonSchema;
  /** Named ports instead of `out`, if the type chooses. */
  readonly ports?: readonly string[];
  /** Type of the connection it takes, and whether it needs one. */
  readonly connection?: { readonly type: string; readonly required: boolean };
  readonly retry: RetryPolicy;
  /** Default limit of the whole node, all attempts included, in milliseconds. */
  readonly timeoutMs: number;
  /** Queue of what it needs to run, such as scripts; absent: the main queue. */
  readonly queue?: string;
}

/** The catalogue as the language sees it: facts by node type. */
export type Catalogue = ReadonlyMap<string, NodeFacts>;
