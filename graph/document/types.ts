import type { Json, JsonObject, JsonSchema } from '../json.ts';

/** A graph document in the language `blok: 1` (docs/language.md). */
export interface Graph extends Body {
  readonly blok: 1;
  readonly name: string;
  readonly label?: string;
  readonly description?: string;
  readonly input?: JsonSchema;
  readonly vars?: JsonObject;
  readonly triggers?: Record<string, TriggerNode>;
  readonly timeout?: string;
  readonly onFailure?: string;
  readonly concurrency?: Concurrency;
  readonly rateLimit?: RateLimit;
  readonly debounce?: Debounce;
  readonly batch?: Batch;
  /** 1 to 5, or an expression. */
  readonly priority?: Json;
  readonly execution?: 'auto' | 'durable';
  readonly notes?: Record<string, Json>;
  readonly meta?: Json;
}

/** `nodes` plus an optional `output`: the graph, the inside of a container, a `catch`, a `finally`. */
export interface Body {
  readonly nodes: Record<string, GraphNode>;
  readonly output?: Json;
}

/** Limit on runs of one workflow (or of one `key` of it) at a time. */
export interface Concurrency {
  readonly key?: Json;
  readonly limit: number;
  readonly onLimit?: 'queue' | 'drop' | 'cancelOldest';
}

/** Limit on runs of one workflow (or of one `key` of it) that begin within a time. */
export interface RateLimit {
  readonly key?: Json;
  readonly limit: number;
  readonly per: string;
  readonly onLimit?: 'queue' | 'drop';
}

/** The last of several events makes the run. */
export interface Debounce {
  readonly key?: Json;
  readonly quiet: string;
  readonly atMost?: string;
}

/** Several events make one run. */
export interface Batch {
  readonly key?: Json;
  readonly size: number;
  readonly within: string;
}

/** What starts runs. */
export interface TriggerNode {
  readonly uses: string;
  readonly with?: JsonObject;
  readonly connection?: string;
  readonly if?: Json;
  readonly input?: Json;
  readonly keepDeclined?: boolean;
  readonly label?: string;
  readonly notes?: Json;
  readonly position?: Json;
  readonly meta?: Json;
}

/** Retry policy as written; missing fields come from the node type. */
export interface RetrySpec {
  readonly maxAttempts?: number;
  readonly delay?: string;
  readonly factor?: number;
  readonly maxDelay?: string;
  readonly attemptTimeout?: string;
  readonly giveUpOn?: readonly string[];
}

/** A node inside `compensate` or `notify`. */
export interface InlineNode {
  readonly uses: string;
  readonly with?: JsonObject;
  readonly connection?: string;
  readonly retry?: RetrySpec;
  readonly timeout?: string;
}

/** One node of a body: an effect, a container, a control or a data node. */
export interface GraphNode {
  readonly uses: string;
  readonly needs?: readonly string[];
  readonly join?: 'any' | 'all';
  readonly if?: Json;
  readonly with?: JsonObject;
  readonly connection?: string;
  readonly retry?: RetrySpec;
  readonly timeout?: string;
  readonly onError?: 'fail' | 'continue';
  readonly compensate?: InlineNode;
  readonly notify?: InlineNode;
  readonly dispatch?: 'task' | 'local';
  readonly priority?: number;
  readonly onExpired?: 'fail' | 'wait';
  readonly nodes?: Record<string, GraphNode>;
  readonly output?: Json;
  readonly catch?: Body & { readonly if?: Json };
  readonly finally?: { readonly nodes: Record<string, GraphNode> };
  readonly label?: string;
  readonly notes?: Json;
  readonly position?: Json;
  readonly meta?: Json;
}
