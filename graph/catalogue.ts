import type { JsonObject, JsonSchema } from './json.ts';

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

/** When a value stops working, such as the name of a model whose provider retires it. */
export interface Retirement {
  /** `2026-12-11`. */
  readonly on: string;
  /** What its provider recommends. */
  readonly instead: string;
}

/** What a node or trigger takes as its connection. */
export interface TakesConnection {
  /** A connection type, a prefix ending in `*` for a family of types (`http-*`), or several. */
  readonly type: string | readonly string[];
  readonly required: boolean;
  /** What the access of the connection must include, as its service names it. Of a list, any one is enough. */
  readonly scopes?: readonly (string | readonly string[])[];
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
  readonly connection?: TakesConnection;
  readonly retry: RetryPolicy;
  /** Default limit of the whole node, all attempts included, in milliseconds. */
  readonly timeoutMs: number;
  /** Queue of what it needs to run, such as scripts; absent: the main queue. */
  readonly queue?: string;
  /** Parameters that are JSON Schemas: the validator checks those that are written out. */
  readonly schemas?: readonly string[];
  /** Values of parameters that stop working on a day, by parameter. */
  readonly retires?: Readonly<Record<string, Readonly<Record<string, Retirement>>>>;
}

/** What the language must know about a trigger type. */
export interface TriggerFacts {
  readonly description: string;
  /** Schema of `with`. */
  readonly with: JsonSchema;
  /** Parameters that are resolved for each firing, and what they read besides `vars`. The others read `vars` only. */
  readonly reads?: Readonly<Record<string, readonly string[]>>;
  /** Schemas of the fields it adds to `trigger`; absent: any fields. */
  readonly brings?: Readonly<Record<string, JsonSchema>>;
  /** Types of the connections it takes, unless a check of its own says that, and whether it needs a connection. */
  readonly connection?: Partial<Pick<TakesConnection, 'type'>> & Omit<TakesConnection, 'type'>;
}

/** The facts of a trigger that a provider brings (`integrations/describe.ts` derives them from each `defineTrigger`). */
export interface ProviderTriggerFacts extends TriggerFacts {
  /** `provider.event`, e.g. `rss.newItem`. */
  readonly type: string;
  readonly title: string;
  /** What the provider would refuse although it fits the schema, such as a pattern that is none. */
  refuses?(parameters: JsonObject): readonly Refusal[];
}

/** What is wrong with the parameters of a trigger, and where. */
export interface Refusal {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** The catalogue as the language sees it: facts by node type, and the triggers of providers. */
export interface Catalogue extends ReadonlyMap<string, NodeFacts> {
  /** By type. Absent: there are none. */
  readonly triggers?: ReadonlyMap<string, ProviderTriggerFacts>;
}
